/** The key that the servers of a store share: made once, its owner's only, and no server starts with another. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresServer } from '../postgres.ts';
import { runProgram } from './program.ts';
import { dataDirectory, FREE_PORTS, ServerProcess } from './server-process.ts';

const KEY = /^[A-Za-z0-9_-]{43}\n$/;

let directory: ReturnType<typeof dataDirectory>;
let postgres: PostgresServer;

beforeAll(async () => {
  directory = dataDirectory();
  postgres = await PostgresServer.start();
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
  directory[Symbol.dispose]();
});

function at(...names: string[]): string {
  return join(directory.root, ...names);
}

async function newStore(): Promise<{ SYMBOLON_STORE: string }> {
  return { SYMBOLON_STORE: postgres.urlOf(await postgres.createDatabase()) };
}

/** The one line that `serve` says instead of starting. */
async function refusal(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, stdout, stderr } = await runProgram(['serve', ...FREE_PORTS, ...args], { env });
  // Beside what a slow machine logs of its store.
  const said = stderr.split('\n').filter((line) => !line.startsWith('{'));
  expect(said).toEqual([expect.stringMatching(/^error: ./), '']);
  expect([code, stdout]).toEqual([2, '']);
  return (said[0] ?? '').slice('error: '.length);
}

describe('the key file', () => {
  it('is made at the first start, its owner’s only, and kept', async () => {
    const dataDir = at('first');
    const file = join(dataDir, 'symbolon.key');
    await using first = await ServerProcess.start({ dataDir });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = readFileSync(file, 'utf8');
    expect(key).toMatch(KEY);
    await first.kill();
    await using second = await ServerProcess.start({ dataDir });
    expect(readFileSync(file, 'utf8')).toBe(key);
    // Nothing is left of the making, and the key is told to nobody.
    expect(readdirSync(dataDir).filter((name) => name.startsWith('symbolon.key'))).toEqual(['symbolon.key']);
    for (const { stdout, stderr } of [first.running, second.running]) {
      expect(stdout + stderr).not.toContain(key.trim());
    }
  });

  it('is where the flag or the environment says, in a directory that is made for it', async () => {
    for (const [name, how] of [
      ['by-flag', (file: string) => ({ args: ['--key-file', file] })],
      ['by-environment', (file: string) => ({ env: { SYMBOLON_KEY_FILE: file } })],
    ] as const) {
      const file = at(name, 'keys', 'shared.key');
      await using _server = await ServerProcess.start({ dataDir: at(name, 'data'), ...how(file) });
      expect(readFileSync(file, 'utf8')).toMatch(KEY);
      expect([statSync(file).mode & 0o777, statSync(dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
      expect(existsSync(at(name, 'data', 'symbolon.key'))).toBe(false);
    }
  });

  it('is made once by several servers that start together in one directory', async () => {
    const env = await newStore();
    const servers = await Promise.all(
      Array.from({ length: 4 }, () => ServerProcess.start({ dataDir: at('together'), env })),
    );
    await Promise.all(servers.map((server) => server.kill()));
    expect(readdirSync(at('together'))).toEqual(['symbolon.key']);
    expect(readFileSync(at('together', 'symbolon.key'), 'utf8')).toMatch(KEY);
  });
});

describe('a second server on one PostgreSQL', () => {
  it('is refused without the first one’s key, keeps no key of its own, and serves with it', async () => {
    const env = await newStore();
    await using first = await ServerProcess.start({ dataDir: at('node-1'), env });
    const file = at('node-2', 'symbolon.key');
    const missing =
      `the store has a key, and ${file} is not there. Put the first server’s key file there, or name it with --key-file; ` +
      'when it is lost, run `symbolon key replace`';
    // Twice: what the refusal left would be another key.
    expect(await refusal(['--data-dir', at('node-2')], env)).toBe(missing);
    expect(await refusal(['--data-dir', at('node-2')], env)).toBe(missing);
    expect(readdirSync(at('node-2'))).toEqual([]);

    const key = join(first.dataDir, 'symbolon.key');
    {
      await using _named = await ServerProcess.start({ dataDir: at('node-2'), env, args: ['--key-file', key] });
    }
    copyFileSync(key, file);
    await using _copied = await ServerProcess.start({ dataDir: at('node-2'), env });
  });

  it('is refused with the key of another store, which stays as it is', async () => {
    const env = await newStore();
    await using _first = await ServerProcess.start({ dataDir: at('own'), env });
    await using other = await ServerProcess.start({ dataDir: at('other'), env: await newStore() });
    const file = join(other.dataDir, 'symbolon.key');
    const key = readFileSync(file, 'utf8');
    expect(await refusal(['--data-dir', other.dataDir], env)).toBe(
      `${file} is not the key that the store was set up with. All servers of a store share one: name it with --key-file; ` +
        'when it is lost, run `symbolon key replace`',
    );
    expect(readFileSync(file, 'utf8')).toBe(key);
  });

  it('of several that start together with different directories one makes the key, and the others are refused', async () => {
    const env = await newStore();
    const started = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) => ServerProcess.start({ dataDir: at('race', name), env })),
    );
    const servers = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all(servers.map((server) => server.kill()));
    expect(servers).toHaveLength(1);
    for (const each of started) {
      if (each.status === 'rejected') {
        expect(String(each.reason)).toContain('name it with --key-file');
      }
    }
    const left = ['a', 'b', 'c'].filter((name) => existsSync(at('race', name, 'symbolon.key')));
    expect(left.map((name) => at('race', name))).toEqual(servers.map(({ dataDir }) => dataDir));
  });
});

describe('a key file is refused', () => {
  let dataDir: string;
  let file: string;
  let key: string;

  beforeAll(async () => {
    dataDir = at('refused');
    file = join(dataDir, 'symbolon.key');
    await using _server = await ServerProcess.start({ dataDir });
    key = readFileSync(file, 'utf8');
  });

  it.each(['0640', '0604', '0660', '0644'])('that others can read, by mode %s', async (mode) => {
    chmodSync(file, mode);
    const line = await refusal(['--data-dir', dataDir]);
    expect(line).toBe(`the key file ${file} can be read by others. Run chmod 600 on it`);
    chmodSync(file, 0o600);
  });

  it.each([
    ['an empty one', ''],
    ['one that is cut', (whole: string) => whole.slice(0, 42)],
    ['one of 31 bytes', Buffer.alloc(31).toString('base64url')],
    ['one of 33 bytes', Buffer.alloc(33).toString('base64url')],
    ['two keys', (whole: string) => whole + whole],
    ['another form', (whole: string) => Buffer.from(whole, 'base64url').toString('hex')],
    ['rubbish', '\u0000\u0001'.repeat(100)],
  ])('that is malformed: %s', async (_what, content) => {
    writeFileSync(file, typeof content === 'string' ? content : content(key));
    const line = await refusal(['--data-dir', dataDir]);
    expect(line).toBe(`${file} holds no key: it must be 32 bytes in base64url`);
    expect(line).not.toContain(key.trim());
    writeFileSync(file, key);
  });

  it('that can’t be read', async () => {
    const path = at('a-directory');
    mkdirSync(path, { mode: 0o700 });
    expect(await refusal(['--data-dir', dataDir, '--key-file', path])).toBe(
      `can’t read the key file ${path}: EISDIR. Name another with --key-file`,
    );
  });

  it('that can’t be written', async () => {
    const under = join(file, 'under.key');
    expect(await refusal(['--data-dir', dataDir, '--key-file', under])).toBe(
      `can’t write the key file ${under}: EEXIST. Name another with --key-file`,
    );
    const dangling = at('dangling.key');
    symlinkSync(at('nowhere'), dangling);
    expect(await refusal(['--data-dir', dataDir, '--key-file', dangling])).toBe(
      `can’t write the key file ${dangling}: EEXIST. Name another with --key-file`,
    );
    expect(readdirSync(directory.root).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('that is not there any more; and the store serves again when it is back', async () => {
    rmSync(file);
    expect(await refusal(['--data-dir', dataDir])).toContain(`the store has a key, and ${file} is not there.`);
    expect(existsSync(file)).toBe(false);
    // A line break more or less is no other key.
    writeFileSync(file, key.trim(), { mode: 0o600 });
    await using _server = await ServerProcess.start({ dataDir });
  });
});
