/** What the tab key offers: from the tree of commands, and in real shells. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProgram } from '../../../src/cli/program.ts';
import { offerFor } from '../../../src/cli/terminal/completion.ts';
import { environment, eventually, ROOT } from '../../process/program.ts';

const program = makeProgram('0');

function wordsFor(...words: string[]): readonly string[] {
  return offerFor(program, words, { context: () => ['prod', 'test'] }).candidates.map(([word]) => word);
}

describe('completion', () => {
  it.each([
    [['ten'], ['tenant']],
    [['tenant', 'cr'], ['create']],
    [['tenant', 'create', '--display'], ['--display-name']],
    [['tenant', 'create', 'acme', '--data'], ['--data-dir']],
    [
      ['tenant', 'create', '--refresh', ''],
      ['on', 'off'],
    ],
    [
      ['tenant', 'create', '--refresh=o'],
      ['--refresh=on', '--refresh=off'],
    ],
    [['tenant', 'create', '--refresh', '=', 'of'], ['off']],
    [
      ['tenant', 'create', '--refresh', '='],
      ['on', 'off'],
    ],
    [['tenant', 'create', '--display-name', ''], []],
    [['serve', '--log-level', 'er'], ['error']],
    [['help', 'tenant', 'en'], ['enable']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['--context', ''],
      ['prod', 'test'],
    ],
    [['tenant', 'create', '--context', 'p'], ['prod']],
    [['nonsense', 'more', ''], wordsFor('')],
  ])('%j: %j', (words, offered) => {
    expect(wordsFor(...words)).toEqual(offered);
  });

  it('offers files where one is to be named, and nowhere else', () => {
    expect(offerFor(program, ['store', 'backup', '--to', '']).files).toBe(true);
    expect(offerFor(program, ['tenant', 'create', '--display-name', '']).files).toBe(false);
  });
});

const STARTS: Readonly<Record<string, readonly string[]>> = {
  bash: ['bash --norc --noprofile -i', 'source <(symbolon completion bash)'],
  zsh: ['zsh -f -i', 'autoload -U compinit; compinit -u -D; source <(symbolon completion zsh)'],
  fish: ['fish --no-config -i', 'symbolon completion fish | source'],
};

function isFound(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`]);
    return true;
  } catch {
    return false;
  }
}

const MUST_RUN = process.env.SYMBOLON_CI === '1';
for (const [shell, [start = '', load = '']] of Object.entries(STARTS)) {
  if (!MUST_RUN && !(isFound(shell) && isFound('script'))) {
    process.stderr.write(`completion in ${shell} is not tested: there is no ${shell}, or no script(1)\n`);
    continue;
  }
  it(`completes in ${shell}, and runs nothing of what was typed`, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'symbolon-test-'));
    const at = (name: string) => join(directory, name);
    writeFileSync(
      at('symbolon'),
      `#!/bin/sh\ncase "$1" in complet*) exec ${process.execPath} ${ROOT}bin/symbolon.js "$@";; esac\necho "$*" >> ${at('ran')}\n`,
      { mode: 0o755 },
    );
    writeFileSync(at('backup.db'), '');
    const env = { ...environment({ TERM: 'dumb', HOME: directory }) };
    const terminal = spawn('script', ['-qec', start, '/dev/null'], {
      env: { ...env, PATH: `${directory}:${env.PATH}` },
    });
    terminal.stdin.on('error', () => undefined);
    try {
      const ran = () => (existsSync(at('ran')) ? readFileSync(at('ran'), 'utf8').trimEnd().split('\n') : []);
      const runs = async (line: string, count: number) => {
        terminal.stdin.write(`${line}\n`);
        await eventually(`${line} in ${shell}`, () => ran().length === count);
      };
      await runs(`${load}; symbolon loaded`, 1);
      await runs('symbolon tenant cr\tacme --refresh=of\t', 2);
      await runs(`symbolon store backup --to ${at('back')}\t`, 3);
      // The line is taken back before it is run: what the tab key did is all that was done.
      await runs(`symbolon tenant create $(touch ${at('evil')}) --refresh=of\t\u{15}symbolon done`, 4);
      expect(ran().slice(1)).toEqual([
        'tenant create acme --refresh=off',
        `store backup --to ${at('backup.db')}`,
        'done',
      ]);
      expect(existsSync(at('evil'))).toBe(false);
    } finally {
      terminal.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    }
  });
}
