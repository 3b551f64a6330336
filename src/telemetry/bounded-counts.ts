/**
 * Counts by tenant, client and a few words of ours. Both are bounded: callers must not grow the memory of a server, nor what is read of it.
 */
import { type Labels, NO_LABELS, type Point } from './metric.ts';

/** Who came first has labels of its own; busy clients come soon after a start. */
const MAX_CLIENTS = 100;
/** The admin of a tenant makes as many clients as it likes, and must not hide by them what goes on in the others. */
const MAX_CLIENTS_OF_TENANT = 50;
/** Whose other clients are counted together. */
const MAX_TENANTS = 100;
/** No tenant's or client's id begins so: who comes after those, and who is not known. */
const OTHERS = '_other';
const UNKNOWN = '_unknown';

interface Count {
  readonly labels: Labels;
  value: number;
}

/** Which tenants and clients have labels of their own: one for all counts of a server. */
export class ClientLabels {
  readonly #clients = new Map<string, Labels>();
  /** How many of those are a tenant's. */
  readonly #ofTenants = new Map<string, number>();
  readonly #othersOfTenants = new Map<string, Labels>();

  /** Of a tenant and a client that there are; undefined: of nobody who is known. */
  of(tenant = UNKNOWN, client = UNKNOWN): Labels {
    const key = `${tenant} ${client}`;
    const known = this.#clients.get(key);
    if (known !== undefined) {
      return known;
    }
    const ofTenant = this.#ofTenants.get(tenant) ?? 0;
    if (tenant !== UNKNOWN && (this.#clients.size >= MAX_CLIENTS || ofTenant >= MAX_CLIENTS_OF_TENANT)) {
      return this.#otherOf(tenant);
    }
    const labels = { tenant, client };
    this.#clients.set(key, labels);
    this.#ofTenants.set(tenant, ofTenant + 1);
    return labels;
  }

  #otherOf(tenant: string): Labels {
    const known = this.#othersOfTenants.get(tenant);
    if (known !== undefined || this.#othersOfTenants.size >= MAX_TENANTS) {
      return known ?? OTHER_CLIENTS;
    }
    const labels = { tenant, client: OTHERS };
    this.#othersOfTenants.set(tenant, labels);
    return labels;
  }
}

const OTHER_CLIENTS: Labels = { tenant: OTHERS, client: OTHERS };

export class BoundedCounts {
  readonly #counts = new Map<string, Count>();

  /** `words`: of ours alone, so that there are few of them. With 0 the series only begins, so that its first rise is seen. */
  add(who: Labels, words: Labels = NO_LABELS, by = 1): void {
    const labels = { ...who, ...words };
    const key = Object.values(labels).join(' ');
    const count = this.#counts.get(key) ?? { labels, value: 0 };
    count.value += by;
    this.#counts.set(key, count);
  }

  points(): readonly Point[] {
    return [...this.#counts.values()];
  }
}
