/** Moving a database on to a newer schema. There is one step so far, so these bring others of their own. */
import { expect, it } from 'vitest';
import { migrate } from '../../../src/store/postgres/migrations.ts';
import { STEPS } from '../../../src/store/postgres/schema.ts';
import { makeAcme, readTenant } from './acme.ts';
import { Rig, until } from './rig.ts';

const SECOND = `
  LOCK TABLE tenant, subject IN ACCESS EXCLUSIVE MODE;
  ALTER TABLE tenant ADD COLUMN added TEXT NOT NULL DEFAULT 'new';
  UPDATE tenant SET added = display_name;`;
const THIRD = `ALTER TABLE tenant ADD COLUMN last BIGINT NOT NULL DEFAULT 3;`;

async function migrateTo(rig: Rig, steps: readonly string[]): Promise<void> {
  const client = await rig.server.connect(rig.database);
  await migrate(client, { steps }).finally(() => client.end());
}

it('takes the steps that are left, with what the database holds', async () => {
  await using rig = await Rig.start();
  const store = await rig.open();
  await makeAcme(store);
  await migrateTo(rig, [...STEPS, SECOND]);
  await migrateTo(rig, [...STEPS, SECOND, THIRD]);

  expect(await rig.sql('SELECT tenant_id, added, last FROM tenant')).toEqual([
    { tenant_id: 'acme', added: 'acme', last: '3' },
  ]);
  expect(await rig.sql('SELECT version FROM schema_version')).toEqual([{ version: STEPS.length + 2 }]);
  // A node of the version before serves on.
  expect((await readTenant(store))?.displayName).toBe('acme');
});

it('takes all steps at once on an empty database', async () => {
  await using rig = await Rig.start();
  await migrateTo(rig, [...STEPS, SECOND, THIRD]);
  expect(await rig.sql('SELECT version FROM schema_version')).toEqual([{ version: STEPS.length + 2 }]);
});

it('tries again when it and others wait for each other', async () => {
  await using rig = await Rig.start();
  const store = await rig.open();
  await makeAcme(store);
  const other = await rig.server.connect(rig.database);
  await other.query(`SET deadlock_timeout = '1min'`);
  await other.query('BEGIN');
  await other.query('LOCK TABLE subject IN ROW EXCLUSIVE MODE');
  const migrating = migrateTo(rig, [...STEPS, SECOND]);
  await until('the migration to wait', async () => {
    const waiting = await rig.sql(`SELECT FROM pg_locks WHERE NOT granted AND relation = 'subject'::regclass`);
    return waiting.length === 1;
  });
  await other.query('LOCK TABLE tenant IN ROW EXCLUSIVE MODE');
  await other.query('COMMIT');
  await other.end();
  await migrating;
  expect(await rig.sql('SELECT added FROM tenant')).toEqual([{ added: 'acme' }]);
});
