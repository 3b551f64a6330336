import { expect, it } from 'vitest';
import { migrate } from '../../../src/store/postgres/migrations.ts';
import { STEPS } from '../../../src/store/postgres/schema.ts';
import { TestClock } from '../../support.ts';
import { TENANT } from '../fixtures.ts';
import { expectMigrated, rowsOfStepOne } from '../step-one.ts';
import { Rig, until } from './rig.ts';

const ROWS = rowsOfStepOne(['false', 'true'], (hex) => `'\\x${hex}'`);

async function firstSchema(): Promise<Rig> {
  const rig = await Rig.start();
  const client = await rig.server.connect(rig.database);
  await migrate(client, STEPS.slice(0, 1));
  await client.end();
  return rig;
}

it('brings a database of the first schema, with what it holds, to the newest', async () => {
  await using rig = await firstSchema();
  await rig.sql(ROWS);
  await expectMigrated(await rig.open({ clock: new TestClock().read }));
  expect(await rig.sql('SELECT version FROM schema_version')).toEqual([{ version: STEPS.length }]);
});

it('lets a node of the first schema write as it does', async () => {
  await using rig = await firstSchema();
  const store = await rig.open({ clock: new TestClock().read });
  // Its statements name the columns that it knows.
  await rig.sql(ROWS);
  await expectMigrated(store);
});

it('tries again when it and others wait for each other', async () => {
  await using rig = await firstSchema();
  const other = await rig.server.connect(rig.database);
  await other.query(`SET deadlock_timeout = '1min'`);
  await other.query('BEGIN');
  await other.query('LOCK TABLE subject IN ROW EXCLUSIVE MODE');
  const opening = rig.open();
  await until('the migration to wait', async () => {
    const waiting = await rig.sql(`SELECT FROM pg_locks WHERE NOT granted AND relation = 'subject'::regclass`);
    return waiting.length === 1;
  });
  await other.query('LOCK TABLE tenant IN ROW EXCLUSIVE MODE');
  await other.query('COMMIT');
  await other.end();
  expect(await (await opening).readTenant(TENANT)).toBeUndefined();
});
