/** `symbolon init`, and what every command says of a directory without a store. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../process/program.ts';
import { ServerProcess } from '../process/server-process.ts';
import { Workspace } from './workspace.ts';

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

describe('symbolon init', () => {
  it('makes an empty store that only its owner can read', async () => {
    using workspace = new Workspace();
    const store = join(workspace.path, 'symbolon.db');
    expect(await workspace.text(['init'])).toBe(
      `store  ${store}\n\nNext: symbolon tenant create <id>, symbolon client create, symbolon serve\n`,
    );
    expect(modeOf(workspace.path)).toBe(0o700);
    expect(modeOf(store)).toBe(0o600);
    expect(readdirSync(workspace.path)).toEqual(['symbolon.db']);
  });

  it('leaves a store that is there as it is', async () => {
    using workspace = new Workspace();
    await workspace.text(['init']);
    await workspace.text(['tenant', 'create', 'acme']);
    expect(await workspace.json(['init'])).toEqual({ store: join(workspace.path, 'symbolon.db') });
    expect(await workspace.refusal(['tenant', 'create', 'acme'])).toBe('The id acme is taken');
  });

  it('closes a store to others that was open to them', async () => {
    using workspace = new Workspace();
    const store = join(workspace.path, 'symbolon.db');
    await workspace.text(['init']);
    chmodSync(store, 0o644);
    await workspace.text(['init']);
    expect(modeOf(store)).toBe(0o600);
  });

  it('takes the directory from SYMBOLON_DATA_DIR, and a flag wins over it', async () => {
    using one = new Workspace();
    using other = new Workspace();
    const env = { SYMBOLON_DATA_DIR: one.path };
    expect((await runProgram(['init'], { env })).code).toBe(0);
    expect(readdirSync(one.path)).toEqual(['symbolon.db']);
    await other.text(['init'], { env: { SYMBOLON_DATA_DIR: '/dev/null/none' } });
    expect(readdirSync(other.path)).toEqual(['symbolon.db']);
  });
});

describe('every file of a running server', () => {
  it('can be read by its owner only, also in a directory that others may enter', async () => {
    using workspace = new Workspace();
    mkdirSync(workspace.path, { recursive: true });
    chmodSync(workspace.path, 0o755);
    await using _server = await ServerProcess.startDemo({ dataDir: workspace.path });
    const files = readdirSync(workspace.path);
    expect(files).toEqual(expect.arrayContaining(['demo.json', 'symbolon.db', 'symbolon.db-shm', 'symbolon.db-wal']));
    expect(files.filter((file) => modeOf(join(workspace.path, file)) !== 0o600)).toEqual([]);
  });
});

describe('without a store', () => {
  it.each([
    ['tenant', 'create', 'acme'],
    ['user', 'create', '--tenant', 'acme', '--login-name', 'ann'],
    ['token', 'revoke', `fm_${'0'.repeat(24)}`, '--tenant', 'acme'],
  ])('%s %s says how to make one, and makes none', async (...args) => {
    using workspace = new Workspace();
    expect(await workspace.refusal(args)).toBe(
      `there is no store in ${workspace.path}. Make one with \`symbolon init\`, or name another directory with --data-dir`,
    );
    expect(() => statSync(workspace.path)).toThrow('ENOENT');
  });
});

describe('symbolon', () => {
  it('tells its version, and its commands where none is given', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await runProgram(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
    const { code, stdout } = await runProgram([]);
    expect(code).toBe(0);
    for (const command of ['serve', 'init', 'tenant', 'client', 'user', 'device', 'token']) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
    const unknown = await runProgram(['serv']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("error: unknown command 'serv'. Did you mean serve?");
  });
});
