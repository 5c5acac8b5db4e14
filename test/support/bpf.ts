import { spawnSync } from 'node:child_process';
import { requireAll } from './project.ts';

/** The version of clang that the committed object was made with; others make other bytes. */
export const CLANG = 14;

/** Why BPF programs cannot be compiled as they were; undefined when they can. */
export function whyNoClang(): string | undefined {
  const { stdout } = spawnSync('clang', ['--version'], { encoding: 'utf8' });
  const version = Number(/version (\d+)/.exec(stdout ?? '')?.[1]);
  const why = Number.isNaN(version)
    ? 'clang is not installed'
    : version === CLANG
      ? undefined
      : `clang is of version ${version}`;
  if (why !== undefined && requireAll) throw new Error(`the BPF programs must be compiled here, but ${why}`);
  return why;
}
