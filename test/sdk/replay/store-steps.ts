/** What happens to the file of a store while no app looks, and what must be in it. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { loginsOf } from './login-ops.ts';
import { MAIN } from './logins.ts';
import { difference } from './values.ts';
import type { World } from './world.ts';

const OWN = 0o600;
const SHARED = 0o644;
const PERMISSIONS = 0o777;
const MS = 1_000;

interface Event {
  readonly event: string;
  readonly error?: { readonly code?: string };
}

const SPOILERS: Readonly<Record<string, (path: string) => void>> = {
  truncated: (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  empty: (path) => truncateSync(path),
  'no record': (path) => writeFileSync(path, '{"version":1}'),
  'of a later minor version': (path) => rewrite(path, { unheard_of: { of: ['it'] } }),
  'of a later version': (path) => rewrite(path, { version: 2 }),
  shared: (path) => chmodSync(path, SHARED),
  'a directory': (path) => {
    rmSync(path, { force: true });
    mkdirSync(path);
  },
  'a link': (path) => {
    const real = `${path}.real`;
    writeFileSync(real, readFileSync(path), { mode: OWN });
    rmSync(path);
    symlinkSync(real, path);
  },
  gone: (path) => rmSync(path, { recursive: true }),
};

function rewrite(path: string, changes: object): void {
  const record = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...record, ...changes }), { mode: OWN });
}

export const STORE_STEPS = {
  /** Somebody does this to it. */
  spoil: async (world: World, { store, is }: { store: string; is: string }) => {
    const logins = loginsOf(world);
    const path = logins.storePath(store);
    logins.spoiled.add(basename(path));
    SPOILERS[is]?.(path);
  },

  /** As if its record was written so long ago, by the clock on the wall. */
  age_store: async (world: World, { store, by_ms }: { store: string; by_ms: number }) => {
    const path = loginsOf(world).storePath(store);
    const { obtained_ms } = JSON.parse(readFileSync(path, 'utf8')) as { readonly obtained_ms: number };
    rewrite(path, { obtained_ms: obtained_ms - by_ms });
  },

  /** What a process left that ended while it held the lock, or wrote. */
  leave: async (world: World, { store, what, age_ms }: { store: string; what: 'lock' | 'temp'; age_ms: number }) => {
    const path = `${loginsOf(world).storePath(store)}${what === 'lock' ? '.lock' : '.0123456789abcdefghijkl.tmp'}`;
    writeFileSync(path, what === 'lock' ? '0123456789abcdefghijkl' : '{', { mode: OWN });
    const at = (Date.now() - age_ms) / MS;
    utimesSync(path, at, at);
  },

  /** As if so much time passed since somebody took the lock who has it still. */
  age_lock: async (world: World, { store, by_ms }: { store: string; by_ms: number }) => {
    const path = `${loginsOf(world).storePath(store)}.lock`;
    if (existsSync(path)) {
      const at = (Date.now() - by_ms) / MS;
      utimesSync(path, at, at);
    }
  },

  /** Who held the lock lets it go. */
  unlock: async (world: World, { store }: { store: string }) => rmSync(`${loginsOf(world).storePath(store)}.lock`),

  /** The record as it is in the file, which nobody else can read. */
  store_holds: async (world: World, { store, holds }: { store: string; holds: unknown }) => {
    const logins = loginsOf(world);
    const path = logins.storePath(store);
    const differs = difference(logins.values.filled(holds), JSON.parse(readFileSync(path, 'utf8')));
    if (differs !== undefined) {
      throw new Error(`the store is otherwise: ${differs}`);
    }
    const mode = lstatSync(path).mode & PERMISSIONS;
    if (mode !== OWN) {
      throw new Error(`the store must have mode ${OWN.toString(8)}, and has ${mode.toString(8)}`);
    }
  },

  /** Nothing is there, a moment later at the most. */
  store_is_empty: async (world: World, { store }: { store: string }) => {
    const path = loginsOf(world).storePath(store);
    await world.until('the store to be empty', async () => !existsSync(path) || 'it is there');
  },

  /** An event told that the store failed, and how. */
  told_of_store: async (world: World) => {
    const { events } = (await loginsOf(world).ask(MAIN, 'login_state', {})) as unknown as { events: readonly Event[] };
    const told = events.filter(({ event }) => event === 'store_failed');
    if (told.length === 0 || told.some(({ error }) => !/^[A-Z_]+$/.test(error?.code ?? ''))) {
      throw new Error(`an event must tell of the store, with the error: ${JSON.stringify(events)}`);
    }
  },

  /** Nobody put a file in its place. */
  store_is_directory: async (world: World, { store }: { store: string }) => {
    if (!lstatSync(loginsOf(world).storePath(store)).isDirectory()) {
      throw new Error('the directory must stay where it is');
    }
  },

  /** Beside the stores nothing is left. */
  nothing_left: async (world: World, { store }: { store: string }) => {
    const path = loginsOf(world).storePath(store);
    const left = readdirSync(dirname(path)).filter((name) => !name.endsWith('.json'));
    if (left.length > 0) {
      throw new Error(`beside the stores there must be nothing: ${left}`);
    }
  },
};
