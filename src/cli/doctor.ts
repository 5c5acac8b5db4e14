import type { ToolError } from '../error.ts';
import { tell } from '../format/destination.ts';
import { displayed } from '../format/shell.ts';
import { CHECKS, type Check, type Result } from './checks.ts';
import type { CommandSpec } from './command.ts';

export const command: CommandSpec = {
  name: 'doctor',
  about: 'Tells what this machine allows, what each missing part would show, and the command that enables it.',
  arguments: [],
  options: [{ flags: '-T <format>', about: 'text, or json: one object a line', choices: ['text', 'json'] }],
  examples: [['sudo hooktap doctor', 'what root can do; without sudo, what you can do']],
  async run(_, options) {
    for (const check of CHECKS) {
      const result = await look(check);
      tell(options.T === 'json' ? json(check, result) : text(check, result));
    }
    return 0;
  },
};
async function look(check: Check): Promise<Result> {
  try {
    return await check.look();
  } catch (error) {
    const { message, hint } = error as ToolError;
    return { works: false, found: message.split('\n')[0]!, remedy: hint?.replace('hooktap …', 'hooktap doctor') };
  }
}
function json({ name, shows }: Check, { works, found, remedy }: Result): string {
  return `${JSON.stringify({ name, works, found, shows, remedy })}\n`;
}
const WIDTH = Math.max(...CHECKS.map(({ name }) => name.length));

function text({ name, shows }: Check, { works, found, remedy }: Result): string {
  const lines = [`${works ? 'works' : 'NO   '}  ${name.padEnd(WIDTH)}  ${found}`];
  const indent = ' '.repeat(WIDTH + 9);
  if (!works) lines.push(`${indent}it would give: ${shows}`);
  if (!works && remedy !== undefined) lines.push(`${indent}try: ${remedy}`);
  return `${lines.map(displayed).join('\n')}\n`;
}
