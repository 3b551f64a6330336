/**
 * Writing what was decided without locks. What arrives while others are being written goes with others in one transaction: one commit
 * for all. Only what waits for nobody goes so: new logins, and logins whose row is locked without waiting. When it fails, nothing
 * of it was written, and each command is written alone.
 */
import type { Change } from '../../core/changes.ts';
import type { Guard } from '../../core/rules/authority.ts';
import type { AnyTable } from '../../core/table.ts';
import { FAMILY } from '../../core/tables/families.ts';
import { changeSteps, guardStep, sendAll } from './apply.ts';
import { type Attempt, isLate, requireSame, requireTime } from './attempt.ts';
import type { Session } from './connections.ts';
import { isOfOne, isUsable } from './faults.ts';
import { rowLocksOf, rowName } from './locks.ts';
import type { Primary } from './primary.ts';
import { ReadBatches } from './read-batches.ts';
import type { Step } from './statements.ts';
import { setCommitting } from './transaction.ts';

/** Of one command. */
export interface FreeWrite {
  readonly attempt: Attempt;
  /** Where what it was decided by was read. */
  readonly timeline: number;
  /** Clients must be what they were. */
  readonly guards: readonly Guard[];
  /** And so must the rows that it locks now. */
  readonly checks: readonly Step[];
  readonly changes: readonly Step[];
  /** Whether it waits for nobody. */
  readonly canJoin: boolean;
}

export type FreeDecision = Pick<FreeWrite, 'attempt' | 'timeline' | 'guards' | 'checks'>;

/** Fails for what can't be put into words, before anything is sent. */
export function freeWriteOf(decision: FreeDecision, changes: readonly Change[]): FreeWrite {
  const locked = new Set(rowLocksOf(decision.attempt.plan.locks).map(({ table, key }) => rowName(table, key)));
  const canJoin = changes.every(
    (change) =>
      (change.change === 'insert' && isFamily(change.table)) ||
      (change.change === 'set' && locked.has(rowName(change.table, change.where))),
  );
  return { ...decision, changes: changeSteps(changes), canJoin };
}

function isFamily({ name }: AnyTable): boolean {
  return name === FAMILY.name;
}

export class FreeWrites {
  readonly #primary: Primary;
  /** Answers whether it was written. */
  readonly #groups: ReadBatches<FreeWrite, boolean>;

  constructor(primary: Primary) {
    this.#primary = primary;
    this.#groups = new ReadBatches((writes) => primary.write((session) => writeGroup(primary, session, writes)));
  }

  async write(write: FreeWrite): Promise<void> {
    if (!write.canJoin || !(await this.#groups.read(write))) {
      await this.#writeAlone(write);
    }
  }

  #writeAlone(write: FreeWrite): Promise<void> {
    return this.#primary.write(async (session) => {
      requireTime(write.attempt);
      requireSame(write.timeline, session.timeline);
      await writeAll(this.#primary, session, [write]);
    });
  }
}

async function writeGroup(primary: Primary, session: Session, writes: readonly FreeWrite[]): Promise<boolean[]> {
  // The others are told alone why they can't.
  const group = new Set(writes.filter((each) => !isLate(each.attempt) && each.timeline === session.timeline));
  try {
    await writeAll(primary, session, [...group]);
    return writes.map((write) => group.has(write));
  } catch (error) {
    if (!isOfOne(error)) {
      throw error;
    }
    return writes.map(() => false);
  }
}

/** All of it or nothing: one batch is one transaction. */
async function writeAll({ commits }: Primary, session: Session, writes: readonly FreeWrite[]): Promise<void> {
  const attempts = writes.map(({ attempt }) => attempt);
  try {
    setCommitting(attempts, true);
    await commits.measure(
      () => sendAll(session, stepsOf(writes)),
      () => writes.length,
    );
  } catch (error) {
    setCommitting(attempts, !isUsable(error));
    throw error;
  }
}

/** One guard is enough for all who were decided by the same. Of two that were decided by one row, the second finds it changed. */
function stepsOf(writes: readonly FreeWrite[]): Step[] {
  const guards = new Map(writes.flatMap((write) => write.guards.map((guard) => [JSON.stringify(guard), guard])));
  return [...[...guards.values()].map(guardStep), ...writes.flatMap(({ checks, changes }) => [...checks, ...changes])];
}
