/** Reads that go in batches: each is answered as if it were alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { due, one } from '../../../src/core/plan.ts';
import { MESSAGE } from '../../../src/core/tables/messages.ts';
import { TENANT as TENANTS } from '../../../src/core/tables/tenants.ts';
import type { PostgresStore } from '../../../src/store/postgres/store.ts';
import { APP, aFamilyId, begin, make, makeAcme, revokeFamily, TENANT, tenantOf } from './acme.ts';
import { Rig } from './rig.ts';

let rig: Rig;
/** The first begins families and knows them since it read them once; the other has read none. */
let stores: readonly [PostgresStore, PostgresStore];

beforeAll(async () => {
  rig = await Rig.start();
  stores = [await rig.open(), await rig.open()];
  await makeAcme(stores[0]);
  await make(stores[0], tenantOf('other'));
});
afterAll(() => rig[Symbol.asyncDispose]());

describe('a family', () => {
  it('is read alike, known or not, and of its own tenant alone', async () => {
    const { familyId } = await begin(stores[0]);
    const revoked = (await begin(stores[0])).familyId;
    await stores[0].readFamily(TENANT, revoked);
    await make(stores[0], revokeFamily(revoked));
    const unknown = aFamilyId();
    const read = (store: PostgresStore) =>
      Promise.all([
        store.readFamily(TENANT, familyId),
        store.readFamily(null, familyId),
        store.readFamily('other', familyId),
        store.readFamily(TENANT, revoked),
        store.readFamily(TENANT, unknown),
        store.readFamily(null, unknown),
        store.readFamily('nobody', familyId),
      ]);
    const [first, again, elsewhere] = [await read(stores[0]), await read(stores[0]), await read(stores[1])];

    expect(again).toEqual(first);
    expect(elsewhere).toEqual(first);
    const [own, any, others, dead, none, nowhere, nobody] = first;
    expect(own?.reading?.family).toMatchObject({ familyId, tenantId: TENANT, generation: 0, revokedRevision: null });
    expect(any).toEqual(own);
    expect(others).toMatchObject({ reading: undefined, revision: 0 });
    expect(dead?.reading?.family).toMatchObject({ familyId: revoked, revokedRevision: 1 });
    expect(none).toMatchObject({ reading: undefined, revision: 1, clientVersion: own?.clientVersion });
    expect([nowhere, nobody]).toEqual([
      { reading: undefined, revision: 0, clientVersion: -1 },
      { reading: undefined, revision: 0, clientVersion: -1 },
    ]);
  });

  it('that can’t be one fails alone', async () => {
    const { familyId } = await begin(stores[0]);
    const results = await Promise.allSettled(['fm_', familyId].map((each) => stores[0].readFamily(TENANT, each)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});

it('reads a client with the version of its tenant’s clients', async () => {
  const [app, nobody, own] = await Promise.all([APP, 'nobody', TENANT].map((id) => stores[1].readClient(id)));
  expect(app).toMatchObject({ client: { clientId: APP, tenantId: TENANT }, secrets: [{ secretId: `cs_${APP}` }] });
  expect(nobody).toBeUndefined();
  expect(own).toMatchObject({ client: { confidential: false }, secrets: [], clientVersion: app?.clientVersion });
});

it('fails alone for a row that can’t be understood', async () => {
  await make(stores[0], tenantOf('damaged'));
  await rig.sql(`UPDATE tenant SET policy = 'rubbish' WHERE tenant_id = 'damaged'`);
  const results = await Promise.allSettled(
    ['damaged', TENANT].map((tenantId) => stores[0].read({ tenant: one(TENANTS, { tenantId }) })),
  );
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});

it('shows what is due though another has locked it', async () => {
  await rig.sql(
    `INSERT INTO message VALUES ('m', 'acme', 's', 'email', 'verify_email', 'a', NULL, 'pending', 0, 1, NULL, 1, 1, 1)`,
  );
  const other = await rig.server.connect(rig.database);
  await other.query('BEGIN; SELECT FROM message FOR UPDATE');
  const { messages } = await stores[0].read({
    messages: due(MESSAGE, { state: 'pending' }, 'nextAttemptTime', 5, 3_600_000),
  });
  expect(messages.map(({ messageId }) => messageId)).toEqual(['m']);
  const taken = await make(stores[0], { kind: 'take_messages', authority: 'server', limit: 5, leaseMs: 1 });
  expect(taken).toEqual({ messages: [] });
  await other.query('COMMIT');
  await other.end();
});
