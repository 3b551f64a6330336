import type { Call } from '../../../src/core/operations/authenticate.ts';
import type { Services } from '../../../src/core/services/services.ts';
import type { Preparation } from './preparations.ts';
import type { CallerName, Stage } from './stage.ts';

/** What an operation is run with: `services` are those whose store the test looks into. */
export interface Run {
  readonly services: Services;
  readonly call: Call;
  readonly stage: Stage;
  /** What its preparation answered. */
  readonly prepared: string;
}

export interface Operation {
  readonly by: readonly CallerName[];
  /** Whether it waits for the hash of a password. */
  readonly hashes?: boolean;
  /** Whether a role is needed for it, and not only for those who are admins: a client without one may do the rest of its own. */
  readonly needsRole?: boolean;
  /** Whether it says so where the presented token has ended, and not the client. */
  readonly tellsOfUser?: boolean;
  readonly prepare?: Preparation;
  readonly run: (run: Run) => Promise<unknown>;
}

export type Operations = Readonly<Record<string, Operation>>;

export const MANAGERS = ['admin', 'admin bearer'] as const;
