import { expect, it } from 'vitest';
import { drop, insert, merged, put, set } from '../../src/core/changes.ts';
import { TOTP } from '../../src/core/tables/second-factors.ts';
import { SUBJECT } from '../../src/core/tables/subjects.ts';
import { TENANT } from '../../src/core/tables/tenants.ts';

const acme = { tenantId: 'acme' };
const totp = {
  subjectId: 'ann',
  tenantId: 'acme',
  sealed: new Uint8Array([1]),
  active: false,
  lastStep: 0,
  recoveryDigests: [],
};

it('settings of one row are one, in the place of the first', () => {
  const changes = [
    set(TENANT, acme, { revision: 2 }),
    insert(TOTP, totp),
    set(TENANT, acme, { auditSequence: 3 }),
    set(TENANT, { tenantId: 'other' }, { revision: 9 }),
  ];
  expect(merged(changes)).toEqual([
    set(TENANT, acme, { revision: 2, auditSequence: 3 }),
    insert(TOTP, totp),
    set(TENANT, { tenantId: 'other' }, { revision: 9 }),
  ]);
});

it('a setting of nothing is none', () => {
  expect(merged([set(TENANT, acme, {})])).toEqual([]);
  expect(merged([insert(TOTP, totp), set(TENANT, acme, {})])).toEqual([insert(TOTP, totp)]);
});

it.each([
  ['a drop', drop(SUBJECT, { subjectId: 'ann' })],
  ['a setting by other fields', set(SUBJECT, { tenantId: 'acme' }, { disabled: true })],
  ['a put', put(TOTP, totp)],
])('no setting overtakes %s of its table', (_, between) => {
  const first =
    between.table.name === TOTP.name
      ? set(TOTP, { subjectId: 'ann' }, { lastStep: 1 })
      : set(SUBJECT, { subjectId: 'ann' }, { cutoff: 1 });
  const last =
    between.table.name === TOTP.name
      ? set(TOTP, { subjectId: 'ann' }, { active: true })
      : set(SUBJECT, { subjectId: 'ann' }, { mfaEnabled: true });
  expect(merged([first, between, last])).toEqual([first, between, last]);
});
