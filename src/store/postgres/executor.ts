/** Executing commands: each is atomic, and done again from the start when another was in its way. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../core/changes.ts';
import { type CommandPlan, decide, planOf } from '../../core/commands/decide.ts';
import type { Command } from '../../core/commands/index.ts';
import type { Instant } from '../../core/model.ts';
import { lockRow } from '../../core/plan.ts';
import { authorityLocks, guardsOf } from '../../core/rules/authority.ts';
import { TENANT } from '../../core/tables/tenants.ts';
import { type Attempt, requireSame, requireTime } from './attempt.ts';
import { isConflict, isTaken, NotThePrimary } from './faults.ts';
import { FreeWrites, freeWriteOf } from './free-writes.ts';
import { isFree } from './load.ts';
import type { PostgresOptions } from './options.ts';
import type { Primary } from './primary.ts';
import type { ReadRows, RowReader } from './row-reader.ts';
import { locksTenant, TenantLockers } from './tenant-lockers.ts';
import { loadRest } from './transaction.ts';

/** Attempts of a command that others are in the way of; the deadline ends them sooner. */
const MAX_ATTEMPTS = 20;
/** A key that somebody else took is seen by the next attempt; one that stays taken is a failure. */
const MAX_ATTEMPTS_FOR_A_KEY = 4;
const MAX_PAUSE_MS = 100;

export class Executor {
  readonly #primary: Primary;
  readonly #rows: RowReader;
  readonly #clock: () => Instant;
  readonly #writes: FreeWrites;
  readonly #tenantLockers: TenantLockers;

  constructor(primary: Primary, rows: RowReader, options: Pick<PostgresOptions, 'clock' | 'poolSize'>) {
    this.#primary = primary;
    this.#rows = rows;
    this.#clock = options.clock;
    this.#writes = new FreeWrites(primary);
    this.#tenantLockers = new TenantLockers(primary, options);
  }

  async execute(command: Command, deadline: Instant | undefined): Promise<Outcome<unknown>> {
    let afterConflict = false;
    for (let number = 1; ; number++) {
      requireTime({ deadline });
      const plan = afterConflict ? withTenantLock(command, planOf(command)) : planOf(command);
      const attempt: Attempt = { command, plan, deadline, isCommitting: false };
      try {
        return await (isFree(plan) ? this.#executeFree(attempt) : this.#executeLocked(attempt));
      } catch (error) {
        const most = isTaken(error) ? MAX_ATTEMPTS_FOR_A_KEY : MAX_ATTEMPTS;
        const canRepeat = isConflict(error) || (error instanceof NotThePrimary && !attempt.isCommitting);
        if (number >= most || !canRepeat) {
          throw this.#primary.refusal(error, !attempt.isCommitting);
        }
        afterConflict ||= isConflict(error);
        await sleep(Math.random() * Math.min(MAX_PAUSE_MS, 2 ** number));
      }
    }
  }

  async #executeLocked(attempt: Attempt): Promise<Outcome<unknown>> {
    const { outcome, wrote, timeline } = locksTenant(attempt.plan.locks)
      ? await this.#tenantLockers.execute(attempt)
      : await this.#tenantLockers.executeAlone(attempt);
    // Also where nothing was written: what it would have done was done by another, whose answer waits for this too.
    await this.#primary.untilAnswerable(timeline);
    if (!wrote) {
      // Nothing waited for the replica: what was read is worth what the lease is.
      this.#primary.requireLease(timeline);
    }
    return outcome;
  }

  /** Decides by what was read in batches with what others read, and writes it as long as that holds. */
  async #executeFree(attempt: Attempt): Promise<Outcome<unknown>> {
    const { command } = attempt;
    const { state, checks, timeline } = await this.#loadFree(attempt);
    const { changes, outcome } = decide(command, state, { now: this.#clock(), timeline });
    if (changes.length === 0) {
      return outcome;
    }
    if (checks === undefined) {
      return this.#executeLocked(attempt);
    }
    const guards = guardsOf(command.authority, state);
    await this.#writes.write(freeWriteOf({ attempt, timeline, guards, checks }, changes));
    await this.#primary.untilAnswerable(timeline);
    return outcome;
  }

  async #loadFree({ command, plan }: Attempt): Promise<ReadRows> {
    const first = await this.#rows.read(plan);
    const { timeline } = first;
    const state = await loadRest(command, first.state, { now: this.#clock(), timeline }, async (reads) => {
      const rest = await this.#rows.read({ locks: [], reads });
      requireSame(timeline, rest.timeline);
      return rest.state;
    });
    return { ...first, state };
  }
}

/** A refresh changes its tenant only when it finds theft, so it locks it only when it lost a race for it. */
function withTenantLock(command: Command, plan: CommandPlan): CommandPlan {
  const tenantId = 'tenantId' in command ? command.tenantId : undefined;
  if (tenantId === undefined || locksTenant(plan.locks)) {
    return plan;
  }
  const locks = [...plan.locks, lockRow(TENANT, { tenantId })];
  return { ...plan, locks: [...locks, ...authorityLocks(command.authority, locks)] };
}
