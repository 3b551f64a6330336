/** Rows that a thread keeps are looked at in the order of the programs of `change-marks.model.test.ts`, and nothing but rows is kept. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ChangeMarks, ChangeMarksWriter, changeMarksBuffer, markOf } from '../../../src/store/sqlite/change-marks.ts';
import { type FamilyRow, familyOf, SharedValues } from '../../../src/store/sqlite/family-rows.ts';
import { KeptRows, readingOf } from '../../../src/store/sqlite/kept-rows.ts';
import { aFamilyId } from '../postgres/acme.ts';

const TENANT = { revision: 7, clientVersion: 1, row: { disabled: false, cutoff: 0 } };
const HOLDER = { tenantId: 'acme', disabled: false, cutoff: 0 };
const CONSENT_ID = 'co_1';
const CONSENT = { tenantId: 'acme', withdrawTime: null, cutoff: 0 };
const USER = 0;
const APPLICATION = 2;

let writer: ChangeMarksWriter;
let marks: ChangeMarks;
let rows: KeptRows;

beforeEach(() => {
  const buffer = changeMarksBuffer();
  writer = new ChangeMarksWriter(buffer);
  marks = new ChangeMarks(buffer);
  rows = new KeptRows(marks);
});

afterEach(() => {
  vi.restoreAllMocks();
});

function aFamily(familyId: string, kind = USER, scopes = 'read', consentId: string | null = null) {
  const row: FamilyRow = [
    ...(['acme', 'app', 'ann'] as const),
    ...([kind, scopes, 0, 3, 1_000, null, null, null, consentId, '00'.repeat(32), 1_000, 2_000, null] as const),
    ...(['acme', 0, 0] as const),
    ...([null, null, 0] as const),
  ];
  return familyOf(familyId, row, new SharedValues());
}

function keep(familyId = aFamilyId()): string {
  const family = aFamily(familyId, USER, 'read', CONSENT_ID);
  rows.keep({ family, subject: HOLDER, consent: CONSENT, tenant: TENANT, client: HOLDER }, rows.moment());
  return familyId;
}

function isFound(familyId: string, tenantId: string | null = 'acme'): boolean {
  const kept = rows.find(tenantId, familyId);
  return kept !== undefined && rows.isWhole(kept);
}

function change(table: string, key: string): void {
  writer.begin();
  writer.mark(markOf(table, key));
  writer.committed();
}

it('has what was kept, to its own tenant', () => {
  const familyId = keep();
  expect([isFound(familyId), isFound(familyId, null), isFound(familyId, 'other')]).toEqual([true, true, false]);
  const kept = rows.find('acme', familyId);
  expect(kept && readingOf(kept)).toMatchObject({ revision: 7, clientVersion: 1, reading: { client: HOLDER } });
});

it.each([
  ['family', undefined],
  ['subject', 'ann'],
  ['client', 'app'],
  ['tenant', 'acme'],
  ['consent', CONSENT_ID],
])('does not have it once its %s is marked, until it was read again', (table, key) => {
  const familyId = keep();
  writer.begin();
  writer.mark(markOf(table, key ?? familyId));
  // Before the commit as well: it may have come.
  expect(isFound(familyId)).toBe(false);
  keep(familyId);
  expect(isFound(familyId)).toBe(false);
  writer.committed();
  expect(isFound(familyId)).toBe(false);
  keep(familyId);
  expect(isFound(familyId)).toBe(true);
});

it('does not have it in another epoch', () => {
  const familyId = keep();
  writer.begin();
  writer.forgetAll();
  expect(isFound(familyId)).toBe(false);
});

it('has a tenant that was read with another family of it', () => {
  const [one, other] = [keep(), keep()];
  change('tenant', 'acme');
  keep(other);
  expect(isFound(one)).toBe(true);
});

it('keeps nothing where a row is missing: that there is none, nothing marks', () => {
  const [one, other] = [aFamilyId(), aFamilyId()];
  const moment = rows.moment();
  rows.keep({ family: aFamily(one), subject: undefined, consent: undefined, tenant: TENANT, client: HOLDER }, moment);
  rows.keep({ family: aFamily(other), subject: HOLDER, consent: undefined, tenant: TENANT, client: undefined }, moment);
  expect([isFound(one), isFound(other)]).toEqual([false, false]);
  const third = aFamily(aFamilyId(), USER, 'read', CONSENT_ID);
  rows.keep({ family: third, subject: HOLDER, consent: undefined, tenant: TENANT, client: HOLDER }, moment);
  expect(isFound(third.familyId)).toBe(false);
  // The subject of a client's own token is not a row.
  const own = aFamilyId();
  rows.keep(
    { family: aFamily(own, APPLICATION), subject: undefined, consent: undefined, tenant: TENANT, client: HOLDER },
    moment,
  );
  expect(isFound(own)).toBe(true);
});

it('looks at the marks first, and at the epoch after those of each row', () => {
  const familyId = keep();
  const steps: string[] = [];
  vi.spyOn(marks, 'isUnchanged').mockImplementation(
    (mark) => steps.push(mark === markOf('family', familyId) ? 'family' : 'row') > 0,
  );
  vi.spyOn(marks, 'isOfEpoch').mockImplementation(() => steps.push('epoch') > 0);
  expect(isFound(familyId)).toBe(true);
  expect(steps).toEqual(['family', 'row', 'row', 'epoch', 'row', 'epoch', 'row', 'epoch']);
});

it('keeps no more than 102,400 families, and forgets those first that it has known for the longest', () => {
  const ids = Array.from({ length: 102_410 }, () => keep());
  expect(ids.slice(0, 12).map((id) => isFound(id))).toEqual([...new Array(10).fill(false), true, true]);
  expect(isFound(ids.at(-1) as string)).toBe(true);
});

it('keeps fewer of those with long scopes, which may all differ', () => {
  const longest = (n: number) => Array.from({ length: 64 }, (_, i) => `${n}-${i}-`.padEnd(128, 'x')).join(' ');
  const scopes = [longest(0), longest(1)] as const;
  const moment = rows.moment();
  const ids = Array.from({ length: 6_000 }, (_, i) => {
    const family = aFamily(aFamilyId(), USER, scopes[i % 2]);
    rows.keep({ family, subject: HOLDER, consent: undefined, tenant: TENANT, client: HOLDER }, moment);
    return family.familyId;
  });
  const found = ids.filter((id) => isFound(id));
  // 64 times 128 characters and what an entry takes, in 60 MiB.
  expect(found.length).toBeLessThan(5_600);
  expect(found).toEqual(ids.slice(-found.length));
  expect(found.length).toBeGreaterThan(5_000);

  // What comes in the place of the same, since its client is another row, counts once.
  for (let i = 0; i < 10_000; i++) {
    rows.keepClient(`app-${i}`, HOLDER, moment);
  }
  for (const id of found) {
    rows.keep(
      { family: aFamily(id, USER, scopes[0]), subject: HOLDER, consent: undefined, tenant: TENANT, client: HOLDER },
      moment,
    );
  }
  expect(found.filter((id) => isFound(id))).toEqual(found);
});
