import { beforeEach, expect, it } from 'vitest';
import type { Issue } from '../../../src/core/commands/issue.ts';
import type { UpdateSubject } from '../../../src/core/commands/update-subject.ts';
import { findSubject } from '../../../src/core/services/lookups.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { execute, make } from '../../support.ts';
import {
  begin,
  HASH,
  isPairLive,
  issueOf,
  makeAcme,
  refreshOf,
  refusalOf,
  revisionOf,
  subjectOf,
  TENANT,
  type UnderTest,
} from '../fixtures.ts';

const LAMP = 'th.lamp';
const NEW_HASH = '$argon2id$new';

/** Another vendor id of a device, and with it another password. */
export function vendorIds(test: UnderTest): void {
  let login: Issue;

  beforeEach(async () => {
    await makeAcme(test.store);
    await make(test.store, subjectOf({ subjectId: LAMP, kind: 'device', vendorId: 'lamp' }));
    login = await begin(test.store, { subjectId: LAMP, tokenKind: 'DEVICE' });
  });

  const move = (vendorId: string, overrides: Partial<UpdateSubject> = {}): UpdateSubject => ({
    kind: 'update_subject',
    tenantId: TENANT,
    subjectKind: 'device',
    subjectId: LAMP,
    set: { vendorId },
    ...overrides,
  });
  const named = async (key: string) => (await findSubject(test.store, TENANT, { kind: 'vendor_id', key }))?.subjectId;
  const issuing = async (passwordHash: string) =>
    refusalOf(
      await execute(
        test.store,
        issueOf({ subjectId: LAMP, tokenKind: 'DEVICE', proof: { by: 'password', passwordHash } }),
      ),
    );

  it('moves the name alone, and no token ends', async () => {
    await make(test.store, move('lamp-2'));
    expect([await named('lamp'), await named('lamp-2')]).toEqual([undefined, LAMP]);
    expect([await isPairLive(test, login), await revisionOf(test.store)]).toEqual([true, 0]);
  });

  it('moves the name with the password, and ends every token in one event', async () => {
    await make(test.store, move('lamp-2', { newPasswordHash: NEW_HASH }));
    expect([await named('lamp'), await named('lamp-2')]).toEqual([undefined, LAMP]);
    expect([await isPairLive(test, login), await revisionOf(test.store)]).toEqual([false, 1]);
    expect(refusalOf(await execute(test.store, refreshOf(login)))).toBe('invalid_refresh_token');
    expect([await issuing(HASH), await issuing(NEW_HASH)]).toEqual(['invalid_credentials', undefined]);
    const records = await test.store.list(AUDIT_RECORDS, { tenantId: TENANT }, { limit: 100 });
    const updates = records.filter(({ action }) => action === 'update_device');
    expect(updates.map(({ targetId, details }) => [targetId, details])).toEqual([[LAMP, 'vendor_id, password']]);
  });

  it('changes nothing when the name is taken', async () => {
    await make(test.store, subjectOf({ subjectId: 'th.other', kind: 'device', vendorId: 'other' }));
    const outcome = await execute(test.store, move('other', { newPasswordHash: NEW_HASH }));
    expect(refusalOf(outcome)).toBe('already_exists');
    expect([await named('lamp'), await named('other')]).toEqual([LAMP, 'th.other']);
    expect([await isPairLive(test, login), await issuing(HASH)]).toEqual([true, undefined]);
  });

  it('changes nothing by a user who has lost the device meanwhile', async () => {
    const outcome = await execute(test.store, move('lamp-2', { newPasswordHash: NEW_HASH, ownerId: 'user-ann' }));
    expect(refusalOf(outcome)).toBe('permission_denied');
    expect([await named('lamp'), await isPairLive(test, login)]).toEqual([LAMP, true]);
  });

  it('lets exactly one of ten devices that want one name have it', async () => {
    const ids = Array.from({ length: 10 }, (_, i) => `th.${i}`);
    for (const subjectId of ids) {
      await make(test.store, subjectOf({ subjectId, kind: 'device', vendorId: subjectId }));
    }
    const outcomes = await Promise.all(
      ids.map((subjectId) => execute(test.store, move('wanted', { subjectId, newPasswordHash: NEW_HASH }))),
    );
    const won = ids.filter((_, i) => 'answer' in (outcomes[i] ?? {}));
    expect([won.length, await named('wanted')]).toEqual([1, won[0]]);
    expect(await revisionOf(test.store)).toBe(1);
  });
}
