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

/** For what is not about the lease: a busy machine may stand still for longer than a node would put up with. */
export const PATIENT = { leaseMs: 60_000 };
