/**
 * A process that works on a store and marks in the journal what it was answered: `load.ts '<LoadOptions as JSON>'`. Several writers at
 * once log in, refresh, revoke and change passwords.
 */
import { setImmediate } from 'node:timers/promises';
import type { Outcome } from '../../src/core/changes.ts';
import type { Command } from '../../src/core/commands/index.ts';
import type { Store } from '../../src/core/services/store.ts';
import { openWriter } from '../../src/store/sqlite/connection.ts';
import { migrate } from '../../src/store/sqlite/migrations.ts';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { checkpoint } from '../../src/store/sqlite/wal.ts';
import { GroupWriter, type Write } from '../../src/store/sqlite/writer.ts';
import {
  begin,
  make,
  makeAcme,
  readTenant,
  refreshOf,
  revokeFamily,
  subjectOf,
  TENANT,
} from '../store/postgres/acme.ts';
import { Marker } from './journal.ts';
import { familyKey, pairOf, passwordKey, REVOKED, valueIn } from './stores.ts';

export interface LoadOptions {
  readonly path: string;
  readonly journal: string;
  /** How many answers it waits for. */
  readonly answers: number;
  /** The least time that it takes, so that the store looks after its WAL meanwhile. */
  readonly leastMs: number;
  /** With a WAL that is not synced at a commit; otherwise with the store as it is. */
  readonly isCareless?: boolean;
  /** Marks first what the store says of these. */
  readonly asks?: readonly string[];
}

const LANES = 8;

type Executor = Pick<Store, 'execute'>;

/** The writer as it is, on a connection whose commits do not wait for the disk. */
class CarelessStore {
  readonly #writer: GroupWriter;
  readonly #database;
  #queue: { readonly command: Command; readonly resolve: (outcome: Outcome<unknown>) => void }[] = [];
  #groups = 0;

  constructor(path: string) {
    this.#database = openWriter(path);
    migrate(this.#database, path);
    this.#database.pragma('synchronous = NORMAL');
    this.#writer = new GroupWriter(this.#database);
  }

  execute(command: Command): Promise<Outcome<unknown>> {
    return new Promise((resolve) => {
      if (this.#queue.push({ command, resolve }) === 1) {
        void setImmediate().then(() => this.#commit());
      }
    });
  }

  #commit(): void {
    const group = this.#queue;
    this.#queue = [];
    const writes = group.map(({ command }, id): Write => ({ id, work: { command }, now: Date.now() }));
    for (const result of this.#writer.commit(writes).results) {
      if ('outcome' in result) {
        group[result.id]?.resolve(result.outcome);
      }
    }
    this.#groups += 1;
    if (this.#groups % 100 === 0) {
      checkpoint(this.#database);
    }
  }

  close(): void {
    this.#database.close();
  }
}

/** Logs in, refreshes, revokes and changes a password, over and over. */
async function lane(store: Executor, marker: Marker, name: string, isOver: () => boolean): Promise<void> {
  const made = store as Store;
  const asked = async (key: string, work: () => Promise<string>) => {
    marker.mark(key, null);
    marker.mark(key, await work());
  };
  await make(made, { ...subjectOf(name) });
  for (let round = 0; !isOver(); round++) {
    const issued = await begin(made);
    const key = familyKey(issued.familyId);
    marker.mark(key, pairOf(0, issued.tokens.accessDigest));
    let pair = issued.tokens;
    for (let generation = 0; generation < round % 4; generation++) {
      await asked(key, async () => {
        const refresh = refreshOf({ familyId: issued.familyId, tokens: pair }, { generation });
        await make(made, refresh);
        pair = refresh.tokens;
        return pairOf(generation + 1, pair.accessDigest);
      });
    }
    if (round % 3 !== 0) {
      await asked(key, async () => {
        await make(made, revokeFamily(issued.familyId));
        return REVOKED;
      });
    }
    if (round % 3 === 1) {
      const newHash = `hash ${round}`;
      await asked(passwordKey(name), async () => {
        await make(made, { kind: 'change_password', authority: 'server', tenantId: TENANT, subjectId: name, newHash });
        return newHash;
      });
    }
  }
}

async function write(store: Executor, marker: Marker, { answers, leastMs }: LoadOptions): Promise<void> {
  const until = Date.now() + leastMs;
  let answered = 0;
  const counting: Executor = {
    execute: async (command, options) => {
      const outcome = await store.execute(command, options);
      answered += 1;
      return outcome;
    },
  };
  const run = crypto.randomUUID();
  await Promise.all(
    Array.from({ length: LANES }, (_, i) =>
      lane(counting, marker, `${run}-${i}`, () => answered >= answers && Date.now() >= until),
    ),
  );
}

const options = JSON.parse(process.argv[2] ?? '') as LoadOptions;
using marker = new Marker(options.journal);
if (options.isCareless) {
  const store = new CarelessStore(options.path);
  await makeAcme(store as unknown as Store);
  await write(store as unknown as Store, marker, options);
  store.close();
} else {
  const store = await SqliteStore.open({ path: options.path, clock: Date.now, onFault: () => process.exit(1) });
  for (const key of options.asks ?? []) {
    marker.mark(key, await valueIn(store, key));
  }
  if ((await readTenant(store)) === undefined) {
    await makeAcme(store);
  }
  await write(store, marker, options);
  // As a power loss would find it.
  process.kill(process.pid, 'SIGKILL');
}
