import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { all } from '../../../src/core/plan.ts';
import { REVOCATION } from '../../../src/core/tables/revocations.ts';
import { backUp } from '../../../src/store/sqlite/backup.ts';
import { openStore, prepareDirectory } from '../../../src/store/sqlite/directory.ts';
import { restore } from '../../../src/store/sqlite/restore.ts';
import { STEPS } from '../../../src/store/sqlite/schema.ts';
import { TestClock, temporaryDirectory } from '../../support.ts';
import { begin, makeAcme, readTenant, TENANT } from '../postgres/acme.ts';

const CONTENTS = { schemaVersion: STEPS.length, tenants: 1, clients: 2, subjects: 1, families: 1 };

let directory: ReturnType<typeof temporaryDirectory>;
let clock: TestClock;
let from: string;
let to: string;
let familyId: string;

beforeEach(async () => {
  directory = temporaryDirectory();
  clock = new TestClock();
  [from, to] = [join(directory.path, 'from'), join(directory.path, 'to')];
  prepareDirectory(from);
  const store = await openStore(from, { clock: clock.read });
  await makeAcme(store);
  ({ familyId } = await begin(store));
  await store.close();
});

afterEach(() => directory.remove());

async function moveStore(keepTokens: boolean) {
  const file = join(directory.path, 'backup.db');
  expect(await backUp(from, file, clock.read)).toMatchObject({ ...CONTENTS, moment: clock.now });
  const restored = await restore(to, file, { keepTokens, clock: clock.read });
  return { restored, store: await openStore(to, { clock: clock.read }) };
}

it('restores a store without its logins, and says so in the logs of the tenant', async () => {
  const { restored, store } = await moveStore(false);
  const tenant = await readTenant(store);
  const { reading } = await store.readFamily(TENANT, familyId);
  const { events } = await store.read({ events: all(REVOCATION, { tenantId: TENANT }) });
  await store.close();

  expect(restored).toMatchObject({ ...CONTENTS, tenantsCutOff: 1 });
  expect(tenant).toMatchObject({ revision: clock.now * 1_000, cutoff: clock.now * 1_000, auditSequence: 4 });
  expect(reading?.family.issueRevision).toBeLessThan(clock.now * 1_000);
  expect(events).toMatchObject([{ revision: clock.now * 1_000, scope: 'tenant', key: TENANT, cause: 'restored' }]);
});

it('restores a store with its logins when it is told to', async () => {
  const { restored, store } = await moveStore(true);
  const tenant = await readTenant(store);
  await store.close();

  expect(restored).toMatchObject({ ...CONTENTS, tenantsCutOff: 0 });
  expect(tenant).toMatchObject({ revision: clock.now * 1_000, cutoff: 0, auditSequence: 4 });
});

it('restores no store in which a client has the id of another tenant', async () => {
  const file = join(directory.path, 'backup.db');
  await backUp(from, file, clock.read);
  const database = new Database(file);
  const columns = (database.pragma('table_info(tenant)') as { name: string }[]).map(({ name }) => name);
  const others = columns.filter((name) => name !== 'tenant_id').join(', ');
  database.exec(`PRAGMA foreign_keys = OFF; UPDATE client SET client_id = 'victim' WHERE client_id <> tenant_id;
    INSERT INTO tenant (tenant_id, ${others}) SELECT 'victim', ${others} FROM tenant; DELETE FROM client_secret`);
  database.close();
  await expect(restore(to, file, { keepTokens: true, clock: clock.read })).rejects.toThrow(
    `the client victim of the tenant ${TENANT} has the id of another tenant`,
  );
});
