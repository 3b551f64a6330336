/** The programs that a cluster is made of: where they are on this machine, or a sentence that names what is not there. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Tools {
  /** The directory of the server's programs. */
  readonly postgresBin: string;
  readonly haproxy: string;
  /** Commands that root starts and that run as the user of PostgreSQL; what follows are the program's own arguments. */
  readonly etcd: readonly string[];
  readonly patroni: readonly string[];
}

/** The one that Debian's package makes; PostgreSQL refuses to run as root. */
export const SERVER_USER = 'postgres';

const POSTGRES_ROOT = '/usr/lib/postgresql';
const MIN_POSTGRES = 15;
/** Earlier ones may let a healed leader take its place back over its successor, which loses acknowledged writes. */
const MIN_PATRONI = [4, 1] as const;
const AS_SERVER_USER = ['setpriv', `--reuid=${SERVER_USER}`, `--regid=${SERVER_USER}`, '--init-groups'];
/** Where Patroni is below a home directory that only its owner may enter. */
const READING_ALL = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
const HINT = 'test/patroni/install.sh installs it';

class Missing extends Error {}

let found: Tools | string | undefined;

/** The tools, or why there are none. Looked for once. */
export function findTools(): Tools | string {
  found ??= look();
  return found;
}

function look(): Tools | string {
  try {
    requireRoot();
    for (const name of ['ip', 'setpriv', 'unshare']) {
      requireProgram(name);
    }
    requireNamespaces();
    serverUser();
    return {
      postgresBin: findPostgres(),
      etcd: [...AS_SERVER_USER, requireProgram('etcd')],
      haproxy: requireProgram('haproxy'),
      patroni: findPatroni(),
    };
  } catch (error) {
    if (error instanceof Missing) {
      return error.message;
    }
    throw error;
  }
}

export function run(command: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, { encoding: 'utf8' });
}

function requireRoot(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Missing('a cluster of network namespaces needs Linux and root');
  }
}

function requireProgram(name: string): string {
  const path = onPath(name);
  if (path === undefined) {
    throw new Missing(`there is no ${name} on the PATH; ${HINT}`);
  }
  return path;
}

function onPath(name: string): string | undefined {
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Containers often have the program and not the right. */
function requireNamespaces(): void {
  const name = `symprobe${randomBytes(3).toString('hex')}`;
  const made = run('ip', 'netns', 'add', name);
  const bridged = run('ip', '-n', name, 'link', 'add', 'probe', 'type', 'bridge');
  run('ip', 'netns', 'delete', name);
  const failed = [made, bridged].find(({ status }) => status !== 0);
  if (failed !== undefined) {
    throw new Missing(`no network namespace with a bridge can be made here: ${failed.stderr.trim()}`);
  }
}

/** The ids of the user that PostgreSQL runs as. */
export function serverUser(): { readonly uid: number; readonly gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${SERVER_USER}:`));
  if (line === undefined) {
    throw new Missing(`there is no user ${SERVER_USER}; ${HINT}`);
  }
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** The newest that is there. */
function findPostgres(): string {
  const versions = existsSync(POSTGRES_ROOT) ? readdirSync(POSTGRES_ROOT).map(Number) : [];
  const usable = versions
    .filter((version) => version >= MIN_POSTGRES)
    .sort((a, b) => b - a)
    .map((version) => join(POSTGRES_ROOT, String(version), 'bin'))
    .find((bin) => ['postgres', 'initdb', 'pg_rewind', 'psql'].every((name) => isExecutable(join(bin, name))));
  if (usable === undefined) {
    throw new Missing(`there is no PostgreSQL ${MIN_POSTGRES} or later below ${POSTGRES_ROOT}; ${HINT}`);
  }
  return usable;
}

function findPatroni(): readonly string[] {
  const venv = process.env.SYMBOLON_PATRONI_VENV ?? join(homedir(), '.cache', 'symbolon-patroni');
  const paths = [join(venv, 'bin', 'patroni'), onPath('patroni')].filter((path) => path !== undefined);
  const seen: string[] = [];
  for (const path of paths.filter(isExecutable)) {
    for (const command of [
      [...AS_SERVER_USER, path],
      [...AS_SERVER_USER, ...READING_ALL, path],
    ]) {
      const version = patroniVersion(command);
      if (version !== undefined && isNewEnough(version)) {
        return command;
      }
      seen.push(`${path} is ${version ?? `not to be run by ${SERVER_USER}`}`);
    }
  }
  const wanted = MIN_PATRONI.join('.');
  throw new Missing(`there is no Patroni ${wanted} or later${seen.length > 0 ? ` (${seen.at(-1)})` : ''}; ${HINT}`);
}

function patroniVersion([command = '', ...args]: readonly string[]): string | undefined {
  const { status, stdout } = run(command, ...args, '--version');
  return status === 0 ? /[0-9]+(\.[0-9]+)+/.exec(stdout)?.[0] : undefined;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > MIN_PATRONI[0] || (major === MIN_PATRONI[0] && minor >= MIN_PATRONI[1]);
}
