/** The transactions of commands that lock what they decide by: loading under locks, deciding, applying. */

import type { Decision, Outcome } from '../../core/changes.ts';
import { decide, nextReadsOf, type State } from '../../core/commands/decide.ts';
import type { Command } from '../../core/commands/index.ts';
import type { Instant } from '../../core/model.ts';
import type { Reads } from '../../core/plan.ts';
import { type Guard, guardsOf, type Moment } from '../../core/rules/authority.ts';
import { TENANT } from '../../core/tables/tenants.ts';
import { changeSteps, guardStep, sendAll } from './apply.ts';
import type { Attempt } from './attempt.ts';
import { type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';
import { isOfOne, isUsable } from './faults.ts';
import { type Loading, load, loadingOf, lockingOf } from './load.ts';
import { type Step, send } from './statements.ts';

// Said aloud, for a database can have another default: under a stricter one, whatever waited for a lock would be done again.
export const BEGIN: Statement = ['begin', 'BEGIN ISOLATION LEVEL READ COMMITTED'];
export const COMMIT: Statement = ['commit', 'COMMIT'];
export const ROLLBACK: Statement = ['rollback', 'ROLLBACK'];

/** What came of a transaction. */
export interface Executed {
  readonly outcome: Outcome<unknown>;
  /** Whether the server waited for its replica before it answered: nothing was written otherwise. */
  readonly wrote: boolean;
  /** Where it was executed. */
  readonly timeline: number;
}

/** Loads under locks, decides and applies, in one transaction. */
export async function executeLocked(session: Session, attempt: Attempt, now: Instant): Promise<Executed> {
  const loading = loadingOf(attempt.plan, now);
  try {
    const [, first] = await together([session.query(BEGIN), load(session, loading)]);
    const { changes, outcome, guards } = await decideOn(session, attempt.command, first, now);
    const wrote = changes.length > 0;
    const steps = [...(wrote && !locksTenant(attempt) ? guards.map(guardStep) : []), ...changeSteps(changes)];
    await end(session, steps, [attempt], wrote);
    return { outcome, wrote, timeline: session.timeline };
  } catch (error) {
    await rollBack(session, error, [attempt]);
    throw error;
  }
}

/**
 * Executes commands that lock the same tenant one after the other in one transaction: each sees what those before it changed, and all are
 * committed at once. All locks of all of them are taken first, in the one order. Undefined: it failed, and nothing was written.
 */
export async function executeGroup(
  session: Session,
  attempts: readonly Attempt[],
  now: Instant,
): Promise<Executed[] | undefined> {
  const locks = lockingOf(attempts.flatMap(({ plan }) => plan.locks));
  const loadings = attempts.map(({ plan }) => loadingOf({ locks: [], reads: plan.reads }, now));
  try {
    const opening = together([session.query(BEGIN), ...locks.map((step) => send(session, step))]);
    const outcomes: Outcome<unknown>[] = [];
    let written: readonly Step[] = [];
    let wrote = false;
    for (const [i, { command }] of attempts.entries()) {
      // What the one before changed is sent along.
      const loading = loadings[i] as Loading;
      const [, , first] = await together([opening, sendAll(session, written), load(session, loading)]);
      const { changes, outcome } = await decideOn(session, command, first, now);
      written = changeSteps(changes);
      wrote ||= written.length > 0;
      outcomes.push(outcome);
    }
    await end(session, written, attempts, wrote);
    return outcomes.map((outcome) => ({ outcome, wrote, timeline: session.timeline }));
  } catch (error) {
    await rollBack(session, error, attempts);
    if (!isOfOne(error)) {
      throw error;
    }
    return undefined;
  }
}

/** Else who cuts off its caller may come between the reading and the writing. */
function locksTenant({ plan }: Attempt): boolean {
  return plan.locks.some((lock) => lock.lock === 'row' && lock.table.name === TENANT.name);
}

interface Decided extends Decision<unknown> {
  readonly guards: readonly Guard[];
}

async function decideOn(session: Session, command: Command, first: State, now: Instant): Promise<Decided> {
  const moment = { now, timeline: session.timeline };
  const state = await loadRest(command, first, moment, (reads) => load(session, loadingOf({ locks: [], reads }, now)));
  return { ...decide(command, state, moment), guards: guardsOf(command.authority, state) };
}

/** What the first reads lead to, where they lead to anything. */
export async function loadRest(
  command: Command,
  first: State,
  moment: Moment,
  loadNext: (reads: Reads) => Promise<State>,
): Promise<State> {
  const next = nextReadsOf(command, first, moment);
  return Object.keys(next).length === 0 ? first : { ...first, ...(await loadNext(next)) };
}

/** COMMIT is sent along: what fails before it ends the transaction. */
async function end(session: Session, steps: readonly Step[], attempts: readonly Attempt[], wrote: boolean) {
  setCommitting(attempts, wrote);
  await together([sendAll(session, steps), session.query(wrote ? COMMIT : ROLLBACK)]);
}

async function rollBack(session: Session, error: unknown, attempts: readonly Attempt[]): Promise<void> {
  if (isUsable(error)) {
    await session.query(ROLLBACK);
    setCommitting(attempts, false);
  }
}

export function setCommitting(attempts: readonly Attempt[], isCommitting: boolean): void {
  for (const attempt of attempts) {
    attempt.isCommitting = isCommitting;
  }
}
