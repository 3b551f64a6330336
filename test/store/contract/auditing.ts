import { beforeEach, expect, it } from 'vitest';
import type { Actor } from '../../../src/core/actor.ts';
import { AUDIT_START, auditHash } from '../../../src/core/rules/audit.ts';
import { readTenant } from '../../../src/core/services/lookups.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { execute, make } from '../../support.ts';
import {
  answerOf,
  begin,
  clientOf,
  makeAcme,
  refreshOf,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { EVERYTHING, plain } from '../people.ts';

const BY: Actor = { kind: 'user', id: 'ü "1"', tokenId: 'tk_1', address: '::1', requestId: 'r-1' };

export function auditing(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store, { refreshRepeatWindowMs: 0 }));

  async function readLog(tenantId: string = TENANT) {
    return plain(await test.store.list(AUDIT_RECORDS, { tenantId }, { limit: EVERYTHING }));
  }

  /** As somebody who verifies the log does it. */
  async function expectWhole(): Promise<void> {
    const log = await readLog();
    let previous = AUDIT_START;
    for (const [i, { hash, ...record }] of log.entries()) {
      expect(record.sequence).toBe(i + 1);
      expect(hash).toEqual(auditHash(previous, record));
      previous = hash;
    }
    const tenant = plain(await readTenant(test.store, TENANT));
    expect(tenant).toMatchObject({ auditSequence: log.length, auditHash: previous });
  }

  it('keeps a record of each change, field for field', async () => {
    const before = await readLog();
    const change = { kind: 'update_tenant', tenantId: TENANT, displayName: 'Acme' } as const;
    answerOf(await test.store.execute({ ...change, authority: 'operator', by: BY }));

    const [record, ...others] = (await readLog()).slice(before.length);
    expect(others).toEqual([]);
    expect(record).toEqual({
      tenantId: TENANT,
      sequence: before.length + 1,
      eventTime: test.clock.now,
      actor: BY,
      action: 'update_tenant',
      targetKind: 'tenant',
      targetId: TENANT,
      result: 'ok',
      details: 'display_name',
      hash: expect.any(Uint8Array),
    });
    const { tokenId, address, requestId } = before[0]?.actor ?? {};
    expect([tokenId, address, requestId]).toEqual([null, null, null]);
    await expectWhole();
  });

  it('keeps the records of tenants apart', async () => {
    await make(test.store, tenantOf('other'));
    expect((await readLog('other')).map(({ tenantId, sequence }) => [tenantId, sequence])).toEqual([['other', 1]]);
    expect(await readLog('nobody')).toEqual([]);
    await expectWhole();
  });

  it('makes one chain of all that happens at once, whichever locks it takes', async () => {
    const families = await Promise.all(Array.from({ length: 8 }, () => begin(test.store)));
    await Promise.all(families.slice(4).map((family) => make(test.store, refreshOf(family))));
    const before = (await readLog()).length;
    const changes = [
      ...families.slice(0, 4).map(({ familyId }) => revokeFamily(familyId)),
      // Reuse, which no lock of the tenant was taken for.
      ...families.slice(4).map((family) => refreshOf(family)),
      ...[1, 2, 3, 4].map((i) => subjectOf({ subjectId: `user-${i}`, loginName: `user ${i}` })),
      ...[1, 2, 3, 4].map((i) => clientOf(`client-${i}`)),
      ...[1, 2, 3, 4].map((i) => ({ kind: 'update_tenant', tenantId: TENANT, displayName: `${i}` }) as const),
    ];

    // Refused without a change, which leaves no record.
    const nothing = [1, 2, 3, 4].map(() => tenantOf(TENANT));

    await Promise.all([...changes, ...nothing].map((command) => execute(test.store, command)));

    expect((await readLog()).length - before).toBe(changes.length);
    await expectWhole();
  });
}
