/** Executing commands: one command is one transaction, done again from the start when another was in its way. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command, Outcome } from '../../core/commands.ts';
import { decide } from '../../core/decide/index.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';
import { type LoadPlan, planOf, type State } from '../../core/state.ts';
import { together } from './batch.ts';
import { isConflict, isTaken, NotThePrimary } from './faults.ts';
import { load, takesLocks } from './load.ts';
import type { PostgresOptions } from './options.ts';
import type { Primary } from './primary.ts';
import { ReadBatches } from './read-batches.ts';
import { applyAll, executeLocked, type Progress } from './transaction.ts';
import { Turnstile } from './turnstile.ts';

/** Attempts of a command that others are in the way of; the deadline ends them sooner. */
const MOST_ATTEMPTS = 20;
/** A key that somebody else took is seen by the next attempt; one that stays taken is a failure. */
const MOST_ATTEMPTS_FOR_A_KEY = 4;
const LONGEST_PAUSE_MS = 100;

export class Executor {
  readonly #primary: Primary;
  readonly #clock: () => Instant;
  readonly #states: ReadBatches<LoadPlan, State>;
  /** Those who wait for a tenant's lock keep a connection while they do; the others shall have some left. */
  readonly #tenantLockers: Turnstile;

  constructor(primary: Primary, { clock, poolSize }: Pick<PostgresOptions, 'clock' | 'poolSize'>) {
    this.#primary = primary;
    this.#clock = clock;
    this.#tenantLockers = new Turnstile(Math.ceil(poolSize / 2));
    this.#states = new ReadBatches((plans) =>
      primary.read((session) => together(plans.map((plan) => load(session, plan, clock())))),
    );
  }

  async execute(command: Command, deadline: Instant | undefined): Promise<Outcome<Command>> {
    let afterConflict = false;
    for (let attempt = 1; ; attempt++) {
      requireTime(deadline);
      const progress: Progress = { isCommitting: false };
      try {
        return await this.#attempt(command, deadline, progress, afterConflict);
      } catch (error) {
        const most = isTaken(error) ? MOST_ATTEMPTS_FOR_A_KEY : MOST_ATTEMPTS;
        const canRepeat = isConflict(error) || (error instanceof NotThePrimary && !progress.isCommitting);
        if (attempt >= most || !canRepeat) {
          throw this.#primary.refusal(error, !progress.isCommitting);
        }
        afterConflict ||= isConflict(error);
        await sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** attempt));
      }
    }
  }

  #attempt(
    command: Command,
    deadline: Instant | undefined,
    progress: Progress,
    afterConflict: boolean,
  ): Promise<Outcome<Command>> {
    const plan = afterConflict ? withTenantLock(planOf(command)) : planOf(command);
    if (!takesLocks(plan)) {
      return this.#attemptFree(command, plan, deadline, progress);
    }
    const attempt = () => this.#attemptLocked(command, plan, deadline, progress);
    return plan.locks.includes('tenant') ? this.#tenantLockers.pass(attempt) : attempt();
  }

  async #attemptLocked(
    command: Command,
    plan: LoadPlan,
    deadline: Instant | undefined,
    progress: Progress,
  ): Promise<Outcome<Command>> {
    const { outcome, wrote, timeline } = await this.#primary.write((session) => {
      // It may have waited for its turn and for a connection.
      requireTime(deadline);
      return executeLocked(session, plan, command, this.#clock(), progress);
    });
    if (wrote) {
      await this.#primary.untilAnswerable(timeline);
    } else {
      // Nothing was written, so nothing waited for the replica: what was read is worth what the lease is.
      this.#primary.requireLease(timeline);
    }
    return outcome;
  }

  /** Without locks: what several commands load is read together, and each of them then writes in one go. */
  async #attemptFree(
    command: Command,
    plan: LoadPlan,
    deadline: Instant | undefined,
    progress: Progress,
  ): Promise<Outcome<Command>> {
    const { changes, outcome } = decide(await this.#states.read(plan), command, this.#clock());
    if (changes.length > 0) {
      const timeline = await this.#primary.write(async (session) => {
        requireTime(deadline);
        await applyAll(session, changes, progress);
        return session.timeline;
      });
      await this.#primary.untilAnswerable(timeline);
    }
    return outcome;
  }
}

/** A refresh changes its tenant only when it finds reuse, so it locks it only when it lost a race for it. */
function withTenantLock(plan: LoadPlan): LoadPlan {
  return plan.locks.includes('tenant') ? plan : { ...plan, locks: [...plan.locks, 'tenant'] };
}

/** A command that was not begun by its deadline is not executed. */
function requireTime(deadline: Instant | undefined): void {
  if (deadline !== undefined && deadline < Date.now()) {
    throw new SymbolonError('deadline_exceeded', 'The deadline passed before the write was begun');
  }
}
