/**
 * Commands that lock a tenant. The lock is held until its commit is on disks, so one after the other would make no more of them than
 * there are commits. So on one node, what arrived while another command of the same tenant was at it goes together in one transaction.
 * When that fails, nothing of it was written, and each command is executed alone.
 */
import type { Lock } from '../../core/plan.ts';
import { TENANT } from '../../core/tables/tenants.ts';
import { type Attempt, isLate, requireTime } from './attempt.ts';
import type { Session } from './connections.ts';
import { rowLocksOf, rowName } from './locks.ts';
import type { PostgresOptions } from './options.ts';
import type { Primary } from './primary.ts';
import { type Executed, executeGroup, executeLocked } from './transaction.ts';
import { Turnstile } from './turnstile.ts';

/** They take a round trip each while others wait for the tenant. */
const MAX_GROUP = 32;

interface Waiting {
  readonly attempt: Attempt;
  readonly resolve: (executed: Executed | undefined) => void;
  readonly reject: (error: unknown) => void;
}

export class TenantLockers {
  readonly #primary: Primary;
  readonly #clock: PostgresOptions['clock'];
  /** Those who wait for a tenant's lock keep a connection while they do; the others shall have some left. */
  readonly #turnstile: Turnstile;
  /** Who waits for the group that is at it, by the tenants that both lock. */
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(primary: Primary, { clock, poolSize }: Pick<PostgresOptions, 'clock' | 'poolSize'>) {
    this.#primary = primary;
    this.#clock = clock;
    this.#turnstile = new Turnstile(Math.ceil(poolSize / 2));
  }

  async execute(attempt: Attempt): Promise<Executed> {
    return (await this.#join(attempt)) ?? this.#turnstile.pass(() => this.executeAlone(attempt));
  }

  executeAlone(attempt: Attempt): Promise<Executed> {
    return this.#primary.write((session) => {
      // It may have waited for its turn and for a connection.
      requireTime(attempt);
      return this.#measure(() => executeLocked(session, attempt, this.#clock()));
    });
  }

  /** Undefined: it has to be executed alone. */
  #join(attempt: Attempt): Promise<Executed | undefined> {
    const tenants = tenantsOf(attempt.plan.locks);
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(tenants);
      if (waiting !== undefined) {
        waiting.push({ attempt, resolve, reject });
        return;
      }
      this.#waiting.set(tenants, [{ attempt, resolve, reject }]);
      void this.#run(tenants);
    });
  }

  async #run(tenants: string): Promise<void> {
    for (let waiting = this.#waiting.get(tenants) ?? []; waiting.length > 0; ) {
      await this.#turnstile.pass(() => this.#executeGroup(waiting.splice(0, MAX_GROUP)));
    }
    this.#waiting.delete(tenants);
  }

  async #executeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const executed = await this.#primary.write((session) => this.#executeReady(session, group));
      for (const { attempt, resolve } of group) {
        resolve(executed.get(attempt));
      }
    } catch (error) {
      const isFaultOfProgram = group.length > 1 && isOurs(error);
      for (const { resolve, reject } of group) {
        if (isFaultOfProgram) {
          resolve(undefined);
        } else {
          reject(error);
        }
      }
    }
  }

  /** Those who are late are told alone. */
  async #executeReady(session: Session, group: readonly Waiting[]): Promise<ReadonlyMap<Attempt, Executed>> {
    const attempts = group.map(({ attempt }) => attempt).filter((attempt) => !isLate(attempt));
    const [first] = attempts;
    if (first === undefined) {
      return new Map();
    }
    const executed =
      attempts.length === 1
        ? [await this.#measure(() => executeLocked(session, first, this.#clock()))]
        : await this.#primary.commits.measure(
            () => executeGroup(session, attempts, this.#clock()),
            (all) => (all?.[0]?.wrote ? all.length : 0),
          );
    return new Map(executed?.map((each, i) => [attempts[i] as Attempt, each]));
  }

  #measure(run: () => Promise<Executed>): Promise<Executed> {
    return this.#primary.commits.measure(run, ({ wrote }) => (wrote ? 1 : 0));
  }
}

/** A rule's own fault must not end other commands; it ended the connection, and with it the transaction. */
function isOurs(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError;
}

export function locksTenant(locks: readonly Lock[]): boolean {
  return locks.some(isOfTenant);
}

function tenantsOf(locks: readonly Lock[]): string {
  return rowLocksOf(locks.filter(isOfTenant))
    .map(({ table, key }) => rowName(table, key))
    .join();
}

function isOfTenant(lock: Lock): boolean {
  return lock.lock === 'row' && lock.table.name === TENANT.name;
}
