/** One command, one transaction: load, decide, apply. Done again, from the start, when another was in its way. */
import type { Command, Outcome } from '../../core/commands.ts';
import { decide } from '../../core/decide/index.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';
import { type LoadPlan, planOf } from '../../core/state.ts';
import { apply } from './apply.ts';
import type { Session, Statement } from './connections.ts';
import { Conflict, isUsable } from './faults.ts';
import { load, together } from './load.ts';

// Said aloud, for a database can have another default: each statement must see what was committed when its locks were granted.
const BEGIN: Statement = ['begin', 'BEGIN ISOLATION LEVEL READ COMMITTED'];
const COMMIT: Statement = ['commit', 'COMMIT'];
const ROLLBACK: Statement = ['rollback', 'ROLLBACK'];

/** What came of a transaction. */
export interface Executed {
  readonly outcome: Outcome<Command>;
  /** Whether the server waited for its replica before it answered: nothing was written otherwise. */
  readonly wrote: boolean;
}

/** Shared with the caller, which has to tell what is known when the work ends early. */
export interface Progress {
  /** Whether COMMIT was sent: from then on, no answer means an unknown outcome. */
  isCommitting: boolean;
}

/** Executes the command once. `afterConflict`: the last attempt found that the tenant had been changed. */
export async function executeOnce(
  session: Session,
  command: Command,
  now: Instant,
  progress: Progress,
  afterConflict: boolean,
): Promise<Executed> {
  const plan = afterConflict ? withTenantLock(planOf(command)) : planOf(command);
  try {
    const [, state] = await together([session.query(BEGIN), load(session, plan)]);
    const { changes, outcome } = decide(state, command, now);
    progress.isCommitting = changes.length > 0;
    // COMMIT is sent along: what fails before it turns it into a ROLLBACK.
    const results = await together([...changes.map((change) => apply(session, change)), session.query(COMMIT)]);
    if ((results.at(-1) as { command: string }).command !== 'COMMIT') {
      throw new Conflict('the transaction was rolled back');
    }
    return { outcome, wrote: changes.length > 0 };
  } catch (error) {
    if (isUsable(error)) {
      await session.query(ROLLBACK);
      progress.isCommitting = false;
    }
    throw error;
  }
}

/** A refresh changes its tenant only when it finds reuse, so it locks it only when it lost a race for it. */
function withTenantLock(plan: LoadPlan): LoadPlan {
  return plan.locks.includes('tenant') ? plan : { ...plan, locks: [...plan.locks, 'tenant'] };
}

/** A command that was not begun by its deadline is not executed. */
export function requireTime(deadline: Instant | undefined): void {
  if (deadline !== undefined && deadline < Date.now()) {
    throw new SymbolonError('deadline_exceeded', 'The deadline passed before the write was begun');
  }
}
