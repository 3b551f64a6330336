/** The transactions that commands are executed in: loading under locks, deciding and applying, or applying alone. */
import type { Change } from '../../core/changes.ts';
import type { Command, Outcome } from '../../core/commands.ts';
import { decide } from '../../core/decide/index.ts';
import type { Instant } from '../../core/model.ts';
import type { LoadPlan } from '../../core/state.ts';
import { apply } from './apply.ts';
import { type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';
import { isUsable } from './faults.ts';
import { load } from './load.ts';

// Said aloud, for a database can have another default: under a stricter one, whatever waited for a lock would be done again.
export const BEGIN: Statement = ['begin', 'BEGIN ISOLATION LEVEL READ COMMITTED'];
export const COMMIT: Statement = ['commit', 'COMMIT'];
export const ROLLBACK: Statement = ['rollback', 'ROLLBACK'];

/** What came of a transaction. */
export interface Executed {
  readonly outcome: Outcome<Command>;
  /** Whether the server waited for its replica before it answered: nothing was written otherwise. */
  readonly wrote: boolean;
  /** Where it was executed. */
  readonly timeline: number;
}

/** Shared with the caller, which has to tell what is known when the work ends early. */
export interface Progress {
  /** Whether COMMIT was sent: from then on, no answer means an unknown outcome. */
  isCommitting: boolean;
}

/** Loads under locks, decides and applies, in one transaction. */
export async function executeLocked(
  session: Session,
  plan: LoadPlan,
  command: Command,
  now: Instant,
  progress: Progress,
): Promise<Executed> {
  try {
    const [, state] = await together([session.query(BEGIN), load(session, plan, now)]);
    const { changes, outcome } = decide(state, command, now);
    progress.isCommitting = changes.length > 0;
    // COMMIT is sent along: what fails before it ends the transaction.
    await together([...changes.map((change) => apply(session, change)), session.query(COMMIT)]);
    return { outcome, wrote: changes.length > 0, timeline: session.timeline };
  } catch (error) {
    if (isUsable(error)) {
      await session.query(ROLLBACK);
      progress.isCommitting = false;
    }
    throw error;
  }
}

/** Applies what was decided, all of it or nothing: one batch is one transaction. */
export async function applyAll(session: Session, changes: readonly Change[], progress: Progress): Promise<void> {
  try {
    progress.isCommitting = true;
    await together(changes.map((change) => apply(session, change)));
  } catch (error) {
    progress.isCommitting = !isUsable(error);
    throw error;
  }
}
