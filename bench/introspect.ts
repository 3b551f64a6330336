/**
 * Claims, on one core, against a grpc-js server that does nothing: Introspect takes at most 1.2 times its processor time (2.2 on
 * PostgreSQL, whose own counts too), answers at least 0.85 of its calls a second, and at most twice its p99.
 */
import { PostgresServer } from '../test/postgres.ts';
import { doingNothing, introspecting } from './contenders.ts';
import { pin, startNoOp, startSymbolon } from './processes.ts';
import { runRounds } from './rounds.ts';

const SERVER_CPU = 0;
const OTHERS_CPU = 1;

export async function benchIntrospect(): Promise<void> {
  await using postgres = await PostgresServer.start(undefined, ['shared_buffers=512MB']);
  pin(postgres.pid, OTHERS_CPU);
  const database = postgres.urlOf(await postgres.createDatabase());
  const noOp = await startNoOp(SERVER_CPU);
  const onSqlite = await startSymbolon(SERVER_CPU);
  const onPostgres = await startSymbolon(SERVER_CPU, database);
  console.log('Introspect of 10,000 tokens in turn; the server on core 0, the load and PostgreSQL on core 1:');
  const contenders = [
    doingNothing(noOp),
    await introspecting('symbolon on SQLite', onSqlite),
    await introspecting('symbolon on PostgreSQL', onPostgres, postgres.pid),
  ];
  await runRounds(contenders, OTHERS_CPU);
  await Promise.all([noOp.stop(), onSqlite.stop(), onPostgres.stop()]);
}
