/**
 * Claims, on one core, against a grpc-js server that does nothing: Introspect takes at most 1.2 times its processor time (2.2 on
 * PostgreSQL, whose own counts too), answers at least 0.85 of its calls a second, and at most twice its p99.
 */
import { PostgresServer } from '../test/postgres.ts';
import { doingNothing, introspecting } from './contenders.ts';
import { ONE_WORKER, pin, startNoOp, startSymbolon } from './processes.ts';
import { runRounds } from './rounds.ts';
import { type Row, row, times } from './rows.ts';

const SERVER_CPU = 0;
const OTHERS_CPU = 1;
const ON_SQLITE = 'symbolon on SQLite';
const ON_POSTGRES = 'symbolon on PostgreSQL';

export async function benchIntrospect(): Promise<readonly Row[]> {
  await using postgres = await PostgresServer.start(undefined, ['shared_buffers=512MB']);
  pin(postgres.pid, OTHERS_CPU);
  const database = postgres.urlOf(await postgres.createDatabase());
  const noOp = await startNoOp(SERVER_CPU);
  const onSqlite = await startSymbolon(SERVER_CPU, 'sqlite', ONE_WORKER);
  const onPostgres = await startSymbolon(SERVER_CPU, database, ONE_WORKER);
  console.log('Introspect of 10,000 tokens in turn; the server on core 0, the load and PostgreSQL on core 1:');
  const contenders = [
    doingNothing(noOp),
    await introspecting(ON_SQLITE, onSqlite),
    await introspecting(ON_POSTGRES, onPostgres, { storePid: postgres.pid }),
  ];
  const ratios = await runRounds(contenders, OTHERS_CPU);
  await Promise.all([noOp.stop(), onSqlite.stop(), onPostgres.stop()]);
  const { cpuPerCallUs, callsPerSecond, p99Ms } = ratios(ON_SQLITE);
  const onSqliteReached = `${times(cpuPerCallUs)}; ${times(callsPerSecond)}; ${times(p99Ms)}`;
  return [
    row(
      'Introspect, one worker on one core, against the no-op: processor time; calls a second; p99',
      'at most 1.2; at least 0.85; at most 2',
      onSqliteReached,
    ),
    row(
      'the same on PostgreSQL, its processor time included',
      'at most 2.2 times',
      times(ratios(ON_POSTGRES).cpuPerCallUs),
    ),
  ];
}
