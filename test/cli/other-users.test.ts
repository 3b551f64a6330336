/** Commands of other users than the one whose the data directory is, and of one without a name. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { environment, ROOT } from '../process/program.ts';
import { dataDirectory, FREE_PORTS } from '../process/server-process.ts';

/** /etc/passwd has no such user, as in a container that runs as any number. */
const NAMELESS = 54_321;
const OTHER = 54_322;
const IS_ROOT = process.geteuid?.() === 0;

let directory: ReturnType<typeof dataDirectory>;

beforeEach(() => {
  directory = dataDirectory();
  chmodSync(directory.root, 0o755);
});
afterEach(() => directory[Symbol.dispose]());

function run(uid: number, ...args: string[]): string {
  const options = { cwd: ROOT, env: environment(), uid, gid: uid, encoding: 'utf8' } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ['bin/symbolon.js', ...args], options);
  return stdout + stderr;
}

/** A store of that user, with a tenant. */
function madeBy(uid: number): string {
  const home = join(directory.root, String(uid));
  mkdirSync(home);
  chownSync(home, uid, uid);
  const data = join(home, 'data');
  expect(run(uid, 'init', '--data-dir', data)).toContain('store');
  expect(run(uid, 'tenant', 'create', 'acme', '--data-dir', data)).toContain('acme');
  return data;
}

describe.skipIf(!IS_ROOT)(IS_ROOT ? 'a command' : 'a command (skipped: only root can be other users)', () => {
  it('of a user without a name does all, and is in the audit log by its number', () => {
    const data = madeBy(NAMELESS);
    expect(run(NAMELESS, 'audit', 'list', '--tenant', 'acme', '--data-dir', data)).toContain(
      `\toperator\t${NAMELESS}\t`,
    );
  });

  it('of a user who can’t read a file that a flag names says whose it is, and does nothing', () => {
    const data = madeBy(NAMELESS);
    const file = join(directory.root, 'roots');
    writeFileSync(file, 'secret\n', { mode: 0o600 });
    const why = `EACCES. ${file} is root’s, and this is run by ${NAMELESS}. `;
    const remote = ['status', '--server', 'localhost:1', '--client-id', 'a'];
    const serve = ['serve', '--data-dir', data, ...FREE_PORTS];
    for (const args of [
      [...remote, '--client-secret-file', file],
      [...remote, '--ca', file],
      [...serve, '--tls-cert', file, '--tls-key', file],
      [...serve, '--key-file', file],
      ['key', 'replace', '--data-dir', data, '--previous', file],
    ]) {
      expect(run(NAMELESS, ...args), args.join(' ')).toContain(why);
    }
    expect(readdirSync(data)).not.toContain('symbolon.key');
  });

  it('of root leaves no file that the owner can’t read, and is in the audit log as root’s', () => {
    const data = madeBy(NAMELESS);
    run(0, 'tenant', 'update', 'acme', '--display-name', 'Acme', '--data-dir', data);
    expect(run(0, 'user', 'create', '--tenant', 'acme', '--email', 'ann@example.com', '--data-dir', data)).toContain(
      'ann',
    );
    expect(readdirSync(data)).toContain('symbolon.key');
    for (const name of readdirSync(data)) {
      expect(statSync(join(data, name)).uid, name).toBe(NAMELESS);
    }
    expect(run(NAMELESS, 'audit', 'list', '--tenant', 'acme', '--data-dir', data)).toContain(
      '\toperator\troot\tupdate_tenant',
    );
  });

  it('of another user says whose it is, never that there is no store', () => {
    const data = madeBy(NAMELESS);
    expect(run(OTHER, 'tenant', 'list', '--data-dir', data)).toBe(
      `error: the data directory ${data} is ${NAMELESS}’s, and this is run by ${OTHER}. ` +
        `Run it as that user: sudo -u ${NAMELESS} symbolon …\n`,
    );
    const closed = join(directory.root, String(NAMELESS));
    chmodSync(closed, 0o700);
    expect(run(OTHER, 'tenant', 'list', '--data-dir', data)).toBe(
      `error: can't look at the data directory ${data}: EACCES. ${closed} is ${NAMELESS}’s, and this is run by ${OTHER}. ` +
        'Run it as that user, or name another with --data-dir\n',
    );
  });

  it('names the file that it can’t read, and whose that is: the database, and the key', () => {
    const data = madeBy(NAMELESS);
    const database = join(data, 'symbolon.db');
    chownSync(database, 0, 0);
    expect(run(NAMELESS, 'tenant', 'list', '--data-dir', data)).toBe(
      `error: can't read and write ${database}: EACCES. ${database} is root’s, and this is run by ${NAMELESS}. ` +
        'Run it as that user, or chown the file\n',
    );
    chownSync(database, NAMELESS, NAMELESS);
    run(NAMELESS, 'user', 'create', '--tenant', 'acme', '--email', 'ann@example.com', '--data-dir', data);
    const key = join(data, 'symbolon.key');
    chownSync(key, 0, 0);
    expect(
      run(NAMELESS, 'user', 'create', '--tenant', 'acme', '--email', 'b@example.com', '--data-dir', data),
    ).toContain(`can’t read the key file ${key}: EACCES. ${key} is root’s, and this is run by ${NAMELESS}. `);
  });
});
