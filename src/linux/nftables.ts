import { closeSync, openSync } from 'node:fs';
import { ToolError } from '../error.ts';
import { foreign, libc } from './library.ts';

export const LIBNFTABLES = 'libnftables.so.1';
const call = {
  open: foreign<(flags: number) => unknown>(LIBNFTABLES, 'void *nft_ctx_new(uint32_t)'),
  close: foreign<(context: unknown) => void>(LIBNFTABLES, 'void nft_ctx_free(void *)'),
  run: foreign<(context: unknown, text: string) => number>(
    LIBNFTABLES,
    'int nft_run_cmd_from_buffer(void *, const char *)',
  ),
  keepOutput: foreign<(context: unknown) => number>(LIBNFTABLES, 'int nft_ctx_buffer_output(void *)'),
  keepErrors: foreign<(context: unknown) => number>(LIBNFTABLES, 'int nft_ctx_buffer_error(void *)'),
  output: foreign<(context: unknown) => string>(LIBNFTABLES, 'const char *nft_ctx_get_output_buffer(void *)'),
  errors: foreign<(context: unknown) => string>(LIBNFTABLES, 'const char *nft_ctx_get_error_buffer(void *)'),
  style: foreign<(context: unknown, flags: number) => void>(
    LIBNFTABLES,
    'void nft_ctx_output_set_flags(void *, unsigned int)',
  ),
};
/** nftables/libnftables.h: no counters, but the handles of rules. */
const STATELESS_WITH_HANDLES = 0x4 | 0x8;

/**
 * The rules of the network namespace that it was opened in, in the language of nft. Tables made with the flag `owner` are
 * gone when this is closed, or the process ends.
 */
export class Nftables {
  private constructor(private readonly context: unknown) {}

  static open(): Nftables {
    let context: unknown;
    try {
      context = call.open(0);
    } catch {
      throw new ToolError(
        'no-nftables',
        `${LIBNFTABLES} is not installed, which reads rules`,
        'apt-get install libnftables1',
      );
    }
    call.keepOutput(context);
    call.keepErrors(context);
    call.style(context, STATELESS_WITH_HANDLES);
    return new Nftables(context);
  }
  /** Runs commands, all or none of them; returns what they print. */
  run(commands: string): string {
    const failed = withoutErrorOutput(() => call.run(this.context, commands)) !== 0;
    // Both have to be taken, or they come with the next command.
    const [output, errors] = [call.output(this.context), call.errors(this.context)];
    if (failed) throw new ToolError('nft-refused', `nftables refused: ${errors.split('\n')[0]}`, 'nft list ruleset');
    return output;
  }
  close(): void {
    call.close(this.context);
  }
}

const duplicate = libc<(fd: number) => number>('int dup(int)');
const replace = libc<(fd: number, by: number) => number>('int dup2(int, int)');
const ERROR_OUTPUT = 2;
/** The library prints there what it thinks of rules that iptables made, whatever it is told. Nothing else runs meanwhile. */
function withoutErrorOutput<T>(body: () => T): T {
  const kept = duplicate(ERROR_OUTPUT);
  const nowhere = openSync('/dev/null', 'w');
  replace(nowhere, ERROR_OUTPUT);
  try {
    return body();
  } finally {
    replace(kept, ERROR_OUTPUT);
    closeSync(kept);
    closeSync(nowhere);
  }
}
