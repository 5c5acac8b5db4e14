/** Ctrl-C and a polite kill stop the work where it is; what was done so far is kept. A second one ends the program at once. */
export function interruptible(): { signal: AbortSignal; interrupted: () => boolean } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { signal: controller.signal, interrupted: () => controller.signal.aborted };
}
