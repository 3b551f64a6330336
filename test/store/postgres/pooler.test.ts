/** A real PgBouncer between nodes and PostgreSQL: what gives each connection a process of its own works, and what shares them is refused. */
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { copyStore } from '../../../src/store/copy/copy.ts';
import { Cluster } from '../../../src/store/postgres/cluster.ts';
import { clientConfig } from '../../../src/store/postgres/connections.ts';
import { PostgresStore } from '../../../src/store/postgres/store.ts';
import { HAS_PGBOUNCER, PgBouncer } from '../../pgbouncer.ts';
import { answerOf, begin, issueOf, makeAcme, readingOf, refreshOf, revokeFamily } from './acme.ts';
import { PATIENT, postgresOptions } from './options.ts';
import { Rig, until } from './rig.ts';

/** The lines of docs/operations.md. */
const SESSION = ['pool_mode = session', 'server_reset_query = DISCARD ALL', 'default_pool_size = 40'];
/** Fewer than the pool has. */
const MAX_OTHERS = 8;
const REFUSAL = 'a pooler shares connections between transactions there';

async function pooledRig(settings: readonly string[]): Promise<{ rig: Rig; pooler: PgBouncer; url: string }> {
  const rig = await Rig.start();
  const pooler = rig.owns(await PgBouncer.start(rig.server.port, settings));
  return { rig, pooler, url: pooler.urlOf(rig.database) };
}

const title = 'PgBouncer';
describe.skipIf(!HAS_PGBOUNCER)(HAS_PGBOUNCER ? title : `${title} (skipped: there is no pgbouncer here)`, () => {
  it('in session mode serves a node, whose settings hold', async () => {
    const { rig, url } = await pooledRig(SESSION);
    await using _ = rig;
    const store = await rig.open({ url });
    await makeAcme(store);
    const issued = await begin(store);
    answerOf(await store.execute(refreshOf(issued)));
    await Promise.all(Array.from({ length: 50 }, async () => answerOf(await store.execute(issueOf()))));
    answerOf(await store.execute(revokeFamily(issued.familyId)));
    expect((await readingOf(store, issued.familyId))?.family.revokedRevision).toBe(1);
    const client = new pg.Client(clientConfig(postgresOptions(url)));
    await client.connect();
    await new Cluster().askPrimary(client, { statementTimeoutMs: 1_234, answerTimeoutMs: 2_345 });
    const { rows } = await client.query(`SELECT current_setting('statement_timeout') AS statement,
      current_setting('idle_in_transaction_session_timeout') AS idle`);
    expect(rows).toEqual([{ statement: '1234ms', idle: '2345ms' }]);
    await client.end();
  });

  it('in session mode gives a connection back clean: nodes come and go', async () => {
    const { rig, url } = await pooledRig(SESSION);
    await using _ = rig;
    await makeAcme(await rig.open());
    for (let i = 0; i < 3; i++) {
      const store = await PostgresStore.open({ ...postgresOptions(url), ...PATIENT, poolSize: 3 });
      answerOf(await store.execute(issueOf()));
      await store.close();
    }
  });

  it.each([
    [['pool_mode = transaction']],
    [['pool_mode = transaction', 'server_round_robin = 1', 'min_pool_size = 3']],
    [['pool_mode = transaction', 'ignore_startup_parameters = statement_timeout,options']],
    [['pool_mode = statement']],
  ])('with %j is refused, and left as it was', async (settings) => {
    const { rig, url } = await pooledRig(settings);
    await using _ = rig;
    await expect(rig.open({ url })).rejects.toThrow(REFUSAL);
    await rig.open();
    await expect(rig.open({ url })).rejects.toThrow(REFUSAL);
    // Others share those connections, and find in them nothing of ours.
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (let i = 0; i < 4; i++) {
      expect((await client.query('SHOW enable_seqscan')).rows).toEqual([{ enable_seqscan: 'on' }]);
    }
    await client.end();
  });

  it('in transaction mode is refused as an end of a copy', async () => {
    const { rig, url } = await pooledRig(['pool_mode = transaction']);
    await using _ = rig;
    await rig.open();
    const place = { kind: 'postgres', url } as const;
    await expect(copyStore(place, { kind: 'sqlite', directory: '/nowhere/to/copy/to' })).rejects.toThrow(REFUSAL);
  });

  it('that begins to share connections ends the lease of a node', async () => {
    const { rig, pooler, url } = await pooledRig([...SESSION, 'admin_users = postgres']);
    await using _ = rig;
    const faults: string[] = [];
    const store = await rig.open({ url, poolSize: 2, onFault: (detail) => void faults.push(detail) });
    await makeAcme(store);
    const admin = new pg.Client({ connectionString: pooler.urlOf('pgbouncer') });
    await admin.connect();
    await admin.query("SET pool_mode = 'transaction'");
    await admin.end();
    // New connections are shared now. A transaction of somebody else takes the process that the heartbeat had before.
    await rig.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'symbolon'`);
    const others: pg.Client[] = [];
    await until('the log to say so', async () => {
      if (others.length === MAX_OTHERS) {
        await Promise.all(others.splice(0).map((each) => each.end()));
      }
      const other = new pg.Client({ connectionString: url });
      other.on('error', () => undefined);
      await other.connect();
      await other.query('BEGIN');
      others.push(other);
      return faults.some((each) => each.startsWith('a heartbeat failed') && each.includes(REFUSAL));
    });
    await Promise.all(others.map((each) => each.end()));
  });
});
