/** SQL by `psql`, which belongs to the server's programs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { findTools } from './tools.ts';

const MAX_DURATION_MS = 5_000;

/**
 * Answers what the statements printed, a row a line. Fails when the server does, or when it takes too long: a commit that no
 * standby confirms waits for ever, and statement_timeout does not end it. Whether such a commit took place is then unknown.
 */
export async function psql(url: string, sql: string, timeoutMs = MAX_DURATION_MS): Promise<string> {
  const tools = findTools();
  if (typeof tools === 'string') {
    throw new Error(tools);
  }
  const args = ['--no-psqlrc', '--no-align', '--tuples-only', '--quiet', '--set=ON_ERROR_STOP=1', `--dbname=${url}`];
  const child = spawn(join(tools.postgresBin, 'psql'), args, {
    env: { ...withoutPostgres(process.env), PGCONNECT_TIMEOUT: '3' },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  // One that ended early does not read it all; its status tells of that.
  child.stdin.on('error', () => undefined).end(sql);
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) {
    throw new Error(`psql: ${code === null ? `no answer within ${timeoutMs} ms` : errors.trim()}`);
  }
  return output.trim();
}

/** A PGPASSWORD of the tester would be taken for that of every user, by Patroni's replicas too. */
export function withoutPostgres(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PG')));
}
