/** Resource servers as they were read last, each with the client version of its tenant that it is no older than. */
import { one } from '../plan.ts';
import { RESOURCE_SERVER, type ResourceServer } from '../tables/resource-servers.ts';
import type { Store } from './store.ts';

const MAX_KNOWN = 10_000;

interface Known {
  readonly server: ResourceServer | undefined;
  /** As in ClientReading, read before the row was. It grows when a resource server of the tenant changes. */
  readonly clientVersion: number;
}

export class KnownResourceServers {
  readonly #store: Pick<Store, 'read'>;
  #known = new Map<string, Known>();

  constructor(store: Pick<Store, 'read'>) {
    this.#store = store;
  }

  /** What holds at this client version; undefined where it has to be read. A server that is not there is known too. */
  get(tenantId: string, resourceServerId: string, clientVersion: number): Known | undefined {
    const known = this.#known.get(keyOf(tenantId, resourceServerId));
    return known !== undefined && known.clientVersion >= clientVersion ? known : undefined;
  }

  /** What the store says now. `clientVersion`: what it said of the tenant before. */
  async read(tenantId: string, resourceServerId: string, clientVersion: number): Promise<Known> {
    const { server } = await this.#store.read({ server: one(RESOURCE_SERVER, { tenantId, resourceServerId }) });
    if (this.#known.size >= MAX_KNOWN) {
      this.#known = new Map();
    }
    const known = { server, clientVersion };
    this.#known.set(keyOf(tenantId, resourceServerId), known);
    return known;
  }
}

/** Ids of tenants have no spaces in them. */
function keyOf(tenantId: string, resourceServerId: string): string {
  return `${tenantId} ${resourceServerId}`;
}
