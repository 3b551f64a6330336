import { LEASE_MS } from '../../../src/store/postgres/lease.ts';
import {
  DEFAULT_ANSWER_TIMEOUT_MS,
  DEFAULT_POOL_SIZE,
  DEFAULT_STATEMENT_TIMEOUT_MS,
  type PostgresOptions,
} from '../../../src/store/postgres/options.ts';

/** As a node has them that was told nothing but where its database is. */
export function postgresOptions(url: string): PostgresOptions {
  return {
    url,
    poolSize: DEFAULT_POOL_SIZE,
    statementTimeoutMs: DEFAULT_STATEMENT_TIMEOUT_MS,
    answerTimeoutMs: DEFAULT_ANSWER_TIMEOUT_MS,
    clock: Date.now,
  };
}

/** For what is not about time: a busy machine may stand still for longer than a node would put up with. */
export const PATIENT = { leaseMs: 60_000, statementTimeoutMs: 30_000, answerTimeoutMs: 40_000 };

/** For what waits for the lease to be lost. What shall be answered on it goes through `answered` of rig.ts. */
export const BRIEF_LEASE = { leaseMs: LEASE_MS };

/** For what waits for an answer that does not come; the server's own timeout is the sooner one. */
export const IMPATIENT = { statementTimeoutMs: 1_500, answerTimeoutMs: 3_000 };
