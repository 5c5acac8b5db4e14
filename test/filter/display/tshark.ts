import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from './apply.ts';

/** What was asked before is not asked again. */
const CACHE = join(tmpdir(), 'hooktap-tshark-answers');
/** All filters as listeners of one run: a line each, the packets that match or why the filter is refused. */
const SCRIPT = `
local found = {}
local count = 0
for line in io.open(os.getenv("FILTERS")):lines() do
  count = count + 1
  local n = count
  local ok, listener = pcall(Listener.new, "frame", line)
  if ok then
    found[n] = {}
    listener.packet = function(pinfo) table.insert(found[n], pinfo.number) end
  else
    found[n] = "refused: " .. tostring(listener):gsub("\\n", " ")
  end
end
local last = Listener.new("frame")
function last.packet() end
function last.draw()
  local out = io.open(os.getenv("ANSWERS"), "w")
  for n = 1, count do
    out:write(type(found[n]) == "table" and table.concat(found[n], " ") or found[n], "\\n")
  end
  out:close()
end
`;
/** TCP's streams are not put together here. */
const OPTIONS = ['-o', 'tcp.desegment_tcp_streams:FALSE'];

/** tshark's answers to filters over one capture, in one run. Undefined when it fails. */
export function tsharkAnswers(path: string, filters: readonly string[]): Answer[] | undefined {
  const text = `${filters.join('\n')}\n`;
  mkdirSync(CACHE, { recursive: true });
  const key = createHash('sha256')
    .update(`${path}\n${OPTIONS.join(' ')}\n${text}`)
    .digest('hex')
    .slice(0, 32);
  const [script, asked, told] = [
    join(CACHE, 'listen.lua'),
    join(CACHE, `${key}.filters`),
    join(CACHE, `${key}.answers`),
  ];
  if (!existsSync(told)) {
    writeFileSync(script, SCRIPT);
    writeFileSync(asked, text);
    const env = { ...process.env, TZ: 'UTC', FILTERS: asked, ANSWERS: told };
    spawnSync('tshark', ['-n', '-r', path, '-q', ...OPTIONS, '-X', `lua_script:${script}`], {
      env,
      stdio: 'ignore',
      timeout: 100_000,
    });
  }
  if (!existsSync(told)) return undefined;
  const lines = readFileSync(told, 'utf8').split('\n').slice(0, filters.length);
  return lines.map((line) => (line.startsWith('refused') ? line : line === '' ? [] : line.split(' ').map(Number)));
}
/** By field: the type that tshark declares. */
export function tsharkTypes(): ReadonlyMap<string, string> | undefined {
  const { stdout } = spawnSync('tshark', ['-G', 'fields'], { encoding: 'latin1', maxBuffer: 2 ** 28 });
  if (!stdout) return undefined;
  const rows = stdout.split('\n').map((line) => line.split('\t'));
  return new Map(rows.map(([kind, , name, type]) => [name ?? '', kind === 'P' ? 'FT_PROTOCOL' : (type ?? '')]));
}
/** Is there a tshark that can be asked? */
export const tsharkHasLua = (): boolean =>
  /with Lua/.test(spawnSync('tshark', ['--version'], { encoding: 'utf8' }).stdout?.replaceAll('\n', ' ') ?? '');
