/** One attempt of a command, and what is known of it when it ends early. */

import type { CommandPlan } from '../../core/commands/decide.ts';
import type { Command } from '../../core/commands/index.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';
import { NotThePrimary } from './faults.ts';

export interface Attempt {
  readonly command: Command;
  readonly plan: CommandPlan;
  readonly deadline: Instant | undefined;
  /** Whether COMMIT was sent: from then on, no answer means an unknown outcome. */
  isCommitting: boolean;
}

export function isLate({ deadline }: Pick<Attempt, 'deadline'>): boolean {
  return deadline !== undefined && deadline < Date.now();
}

/** A command that was not begun by its deadline is not executed. */
export function requireTime(attempt: Pick<Attempt, 'deadline'>): void {
  if (isLate(attempt)) {
    throw new SymbolonError('deadline_exceeded', 'The deadline passed before the write was begun');
  }
}

/** What was read in one history of the store decides nothing in another; the command begins again. */
export function requireSame(timeline: number, other: number): void {
  if (timeline !== other) {
    throw new NotThePrimary(`the command was begun on timeline ${timeline}, and the connection is on ${other}`);
  }
}
