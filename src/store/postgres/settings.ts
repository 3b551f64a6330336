/**
 * What a session must have set. A role, a database, the environment or a pooler may say otherwise, so all of it is said on each new
 * connection, and read back by a statement of its own. None of it goes with the startup message: poolers refuse or drop it there.
 */
import type { ClientBase } from 'pg';

/** In milliseconds; 0 is none. */
export interface Limits {
  readonly statementTimeoutMs: number;
  /** A node that dies between two statements must not keep its locks. */
  readonly answerTimeoutMs: number;
}

/** What our statements mean and what their results look like depends on these. */
const FIXED: Readonly<Record<string, string>> = {
  client_encoding: 'UTF8',
  // A warning can be the end of a promise: decision 0031.
  client_min_messages: 'warning',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  bytea_output: 'hex',
  datestyle: 'ISO, MDY',
  timezone: 'UTC',
  quote_all_identifiers: 'off',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // A policy that would hide rows is an error.
  row_security: 'off',
  lock_timeout: '0',
  idle_session_timeout: '0',
  // Every statement here finds rows by their keys. The planner must not decide otherwise from the statistics of a table that was empty
  // a moment ago: the plan of a prepared statement stays.
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};
/** Under others an answer has not waited for a replica's disk. Said even where it is so: a default may change while we are connected. */
const COMMITS = `CASE WHEN current_setting('synchronous_commit') IN ('on', 'remote_apply') THEN current_setting('synchronous_commit')
  ELSE 'on' END`;
/** It came with PostgreSQL 17. */
const NO_TRANSACTION_TIMEOUT = `CASE WHEN current_setting('server_version_num')::int >= 170000 THEN set_config('transaction_timeout', '0', false)
  END AS transaction_timeout`;
const PREFIX = 'is_';

type Values = Readonly<Record<string, string | null>>;

/** Answers what is to be read back. Without a schema nothing but what is built in is found. */
export async function setAll(client: ClientBase, limits: Limits, schema: string | undefined): Promise<Values> {
  const values = { ...FIXED, ...limitsOf(limits), search_path: pathOf(schema) };
  const names = Object.keys(values);
  const { rows } = await client.query<Record<string, string | null>>(
    `SELECT ${names.map((name, i) => `set_config('${name}', $${i + 1}, false) AS ${name}`).join(', ')},
      set_config('synchronous_commit', ${COMMITS}, false) AS synchronous_commit, ${NO_TRANSACTION_TIMEOUT}`,
    Object.values(values),
  );
  return rows[0] ?? {};
}

/** Expressions that read back what was set. */
export function readingBack(set: Values): string {
  return Object.keys(set)
    .map((name) => `current_setting('${name}', true) AS ${PREFIX}${name}`)
    .join(', ');
}

/** The name of a setting that is not what it was set to. */
export function notKept(set: Values, row: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(set).find((name) => (row[`${PREFIX}${name}`] ?? null) !== set[name]);
}

function limitsOf({ statementTimeoutMs, answerTimeoutMs }: Limits) {
  return {
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: String(answerTimeoutMs),
  };
}

/** pg_catalog comes first of itself; temporary tables come last, for they come first otherwise. */
function pathOf(schema: string | undefined): string {
  return schema === undefined ? 'pg_catalog' : `"${schema.replaceAll('"', '""')}", pg_temp`;
}
