/** How a server and its store are, for operators. */
import type { Instant } from '../model.ts';
import { requirePermission } from '../permissions.ts';
import type { Services } from '../services/services.ts';
import type { Store } from '../services/store.ts';
import type { List, Position, Where } from '../table.ts';
import { CLIENTS } from '../tables/clients.ts';
import { MESSAGES_BY_DUE } from '../tables/messages.ts';
import { SUBJECTS } from '../tables/subjects.ts';
import { TENANTS } from '../tables/tenants.ts';
import type { Call } from './authenticate.ts';
import { LoginsOfTenants } from './count-logins.ts';
import { requireWaiting } from './pages.ts';

/** As far as they were counted. */
export interface BoundedCount {
  readonly count: number;
  readonly isMore: boolean;
}

export interface ServerStatus {
  /** Undefined: no server runs, and the store was asked itself. */
  readonly server:
    | { readonly version: string; readonly startTime: Instant; readonly certificateEnd: Instant | undefined }
    | undefined;
  readonly engine: 'sqlite' | 'postgres' | undefined;
  readonly schema: number;
  readonly isReadable: boolean;
  readonly isWritable: boolean;
  readonly walBytes: number | undefined;
  readonly nodes: number;
  readonly tenants: BoundedCount;
  readonly clients: BoundedCount;
  readonly users: BoundedCount;
  readonly devices: BoundedCount;
  /** Live ones. */
  readonly logins: BoundedCount;
  readonly pendingMessages: BoundedCount;
  readonly oldestPending: Instant | undefined;
}

/** Of rows, which take a tenth of a second. */
const MAX_COUNTED = 10_000;
/** Of reads: there may be many tenants with little in each. */
const MAX_READS = 1_000;
/** A few milliseconds of work, after which others are served. */
const CHUNK = 200;

export async function getServerStatus(services: Services, call: Call): Promise<ServerStatus> {
  requirePermission(call.caller, 'read_server');
  const { store, longReads } = services;
  // One at a time, for all who ask.
  return longReads.run('status', '', 1, async () => {
    const tenants = new Counting(store, call);
    const [clients, users, devices] = [new Counting(store, call), new Counting(store, call), new Counting(store, call)];
    const logins = new LoginsOfTenants();
    await tenants.add(TENANTS, {}, async (tenant) => {
      const { tenantId } = tenant;
      await clients.add(CLIENTS, { tenantId });
      await users.add(SUBJECTS, { tenantId, kind: 'user' });
      await devices.add(SUBJECTS, { tenantId, kind: 'device' });
      await logins.add(services, call, tenant);
    });
    const pending = new Counting(store, call);
    const oldest: Instant[] = [];
    await pending.add(MESSAGES_BY_DUE, { state: 'pending' }, async ({ createTime }) => {
      oldest[0] = Math.min(oldest[0] ?? createTime, createTime);
    });
    return {
      ...(await storeStatus(services)),
      tenants: tenants.count,
      clients: clients.count,
      users: users.count,
      devices: devices.count,
      logins: logins.count,
      pendingMessages: pending.count,
      oldestPending: oldest[0],
    };
  });
}

async function storeStatus({ store, server }: Services) {
  const figures = store.figures?.();
  const others = (await store.countOtherNodes?.()) ?? 0;
  return {
    server: server && { ...server, certificateEnd: server.certificateEnd() },
    engine: figures?.engine,
    schema: figures?.schema ?? 0,
    isReadable: store.isReadable(),
    isWritable: store.isWritable(),
    walBytes: figures?.sqlite?.walBytes,
    nodes: others + (server === undefined ? 0 : 1),
  };
}

/** Counts rows of lists up to a bound of them and of reads. */
class Counting {
  readonly #store: Pick<Store, 'list'>;
  readonly #call: Call;
  #count = 0;
  #reads = 0;
  #isMore = false;

  constructor(store: Pick<Store, 'list'>, call: Call) {
    this.#store = store;
    this.#call = call;
  }

  get count(): BoundedCount {
    return { count: this.#count, isMore: this.#isMore };
  }

  async add<T>(list: List<T>, by: Where<T>, onRow?: (row: T) => Promise<void>): Promise<void> {
    for (let after: Position | undefined; !this.#isMore; ) {
      if (this.#count >= MAX_COUNTED || this.#reads >= MAX_READS) {
        this.#isMore = true;
        return;
      }
      this.#reads += 1;
      const rows = await this.#store.list(list, by, { limit: CHUNK, ...(after === undefined ? {} : { after }) });
      requireWaiting(this.#call);
      this.#count += rows.length;
      for (const row of rows) {
        await onRow?.(row);
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < CHUNK) {
        return;
      }
      after = list.order.map((column) => last?.[column]) as Position;
    }
  }
}
