/** Every command of the tree, each of its flags given wrongly: one line on standard error, exit code 2, and JSON where it was asked for. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeProgram, runProgram } from '../../../src/cli/program.ts';
import { EXAMPLES } from '../../../src/cli/terminal/examples.ts';
import { commandsOf, isGroup, pathOf } from '../../../src/cli/terminal/tree.ts';

/** Below a file there is nothing, and nothing can be made. */
let nowhere: string;
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'symbolon-test-'));
  writeFileSync(join(home, 'file'), '');
  nowhere = join(home, 'file', 'data');
  process.stdout.setMaxListeners(0);
  process.stderr.setMaxListeners(0);
});

afterAll(() => {
  rmSync(home, { recursive: true });
  process.stdout.setMaxListeners(10);
  process.stderr.setMaxListeners(10);
});

async function run(args: readonly string[]): Promise<{ code: unknown; stderr: string }> {
  const said: string[] = [];
  vi.stubEnv('XDG_CONFIG_HOME', home);
  const spies = [
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0),
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true),
  ];
  const before = process.exitCode;
  try {
    process.exitCode = 0;
    await runProgram(makeProgram('0'), ['node', 'symbolon', ...args]);
    return { code: process.exitCode, stderr: said.join('') };
  } finally {
    process.exitCode = before;
    vi.unstubAllEnvs();
    for (const spy of spies) {
      spy.mockRestore();
    }
  }
}

const WRONG = 'not a value!';
const leaves = [...commandsOf(makeProgram('0'))].filter((command) => !isGroup(command));
const named = (command: Command) => pathOf(command).split(' ').slice(1);

/** A server is started by what it believes; of its flags those are tried that are checked when they are read. */
function isTried(command: Command, { parseArg, long }: Option): boolean {
  return long !== '--data-dir' && (command.name() !== 'serve' || parseArg !== undefined);
}

function wrongly({ long, required }: Option): string[] {
  return required ? [String(long), WRONG] : [`${long}=${WRONG}`];
}

const CASES = leaves.flatMap((command) => {
  const [words, operands] = [
    named(command),
    command.registeredArguments.filter(({ required }) => required).map(() => 'x'),
  ];
  const flags = command.options.filter((each) => isTried(command, each) && each.long !== '--json');
  return flags.map(
    (flag, at) =>
      [[...words, ...operands, ...wrongly(flag)].join(' '), words, operands, wrongly(flag), at === 0] as const,
  );
});

describe('a wrong flag', () => {
  it.each(CASES)('%s', async (_, words, operands, flag, isFirst) => {
    const place = words[0] === 'context' || words[1] === 'copy' ? [] : ['--data-dir', nowhere];
    const { code, stderr } = await run([...words, ...operands, ...flag, ...place]);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).not.toMatch(/\n\s+at |node:internal|TypeError|undefined/);
    expect(code).toBe(2);
    if (!isFirst) {
      return;
    }
    const inJson = await run([...words, ...operands, ...flag, ...place, '--json']);
    expect(inJson.code).toBe(2);
    expect(JSON.parse(inJson.stderr)).toEqual({
      error: { code: 2, reason: expect.stringMatching(/^[A-Z_]+$/), message: expect.stringMatching(/./) },
    });
  });
});

describe('a command without what it needs', () => {
  const needing = leaves.filter(
    ({ registeredArguments, options }) =>
      registeredArguments.some(({ required }) => required) || options.some(({ mandatory }) => mandatory),
  );
  it.each(needing.map((command) => [named(command).join(' ')]))('%s', async (words) => {
    const { code, stderr } = await run(words.split(' '));
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: .*(missing|not specified)[^\n]*\n$/)]);
  });
});

it.each(Object.entries(EXAMPLES).flatMap(([path, lines]) => lines.map((line) => [line, path])))(
  'the example “%s” is one that %s takes',
  (line, path) => {
    const command = leaves.find((each) => pathOf(each) === path);
    const flags = line.match(/--[a-z-]+/g) ?? [];
    expect(line.startsWith(`${path} `)).toBe(true);
    expect(flags.filter((flag) => command?.options.every(({ long }) => long !== flag))).toEqual([]);
  },
);

it('the document lists every command, and no other', () => {
  const text = readFileSync(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^\| `(symbolon [a-z -]+)` \|/gm)].map((match) => match[1]);
  const all = leaves.map(pathOf).filter((path) => path !== 'symbolon complete');
  expect(listed.sort()).toEqual(all.sort());
});
