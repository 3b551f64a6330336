/** Reading many families: as each is read alone, and all of one moment. */
import { beforeEach, expect, it } from 'vitest';
import type { Issue } from '../../../src/core/commands/issue.ts';
import type { IntrospectionReading } from '../../../src/core/services/store.ts';
import { make } from '../../support.ts';
import {
  ANN,
  APP,
  aFamilyId,
  begin,
  cutOff,
  makeAcme,
  revokeFamily,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';

export function manyFamilies(test: UnderTest): void {
  let logins: Issue[];

  beforeEach(async () => {
    await makeAcme(test.store);
    await make(test.store, tenantOf('other'));
    logins = [];
    for (let i = 0; i < 5; i++) {
      logins.push(await begin(test.store));
    }
  });

  const idsOf = () => logins.map(({ familyId }) => familyId);

  function plain(readings: readonly IntrospectionReading[]): unknown {
    return JSON.parse(
      JSON.stringify(readings, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      ),
    );
  }

  async function eachAlone(tenantId: string | null, familyIds: readonly string[]): Promise<IntrospectionReading[]> {
    return Promise.all(familyIds.map((familyId) => test.store.readFamily(tenantId, familyId)));
  }

  it('answers in order what each is alone: known and unknown, of this and another tenant, the same one twice', async () => {
    await make(test.store, revokeFamily(idsOf()[1] ?? ''));
    const [first = '', second = ''] = idsOf();
    const asked = [aFamilyId(), ...idsOf(), first, aFamilyId(), second, first];
    for (const tenantId of [TENANT, 'other', 'nobody', null]) {
      // Before and after an engine remembers some of them.
      const many = await test.store.readFamilies(tenantId, asked);
      expect(plain(many), String(tenantId)).toEqual(plain(await eachAlone(tenantId, asked)));
      expect(plain(await test.store.readFamilies(tenantId, asked))).toEqual(plain(many));
    }
  });

  it('answers a thousand, and one', async () => {
    const ids = Array.from({ length: 1_000 }, (_, i) => idsOf()[i % 5] ?? '');
    const many = await test.store.readFamilies(TENANT, ids);
    expect(many.map(({ reading }) => reading?.family.familyId)).toEqual(ids);
    expect(await test.store.readFamilies(TENANT, ids.slice(0, 1))).toHaveLength(1);
  });

  it('knows what was committed before it began', async () => {
    await test.store.readFamilies(TENANT, idsOf());
    await make(test.store, cutOff('user', ANN, 'disabled'));
    const [one] = await test.store.readFamilies(TENANT, idsOf());
    expect(one).toMatchObject({ revision: 1, reading: { subject: { disabled: true, cutoff: 1 } } });
    await make(test.store, cutOff('client', APP, 'disabled'));
    const [other] = await test.store.readFamilies(TENANT, idsOf());
    expect(other).toMatchObject({ revision: 2, reading: { client: { disabled: true, cutoff: 2 } } });
    await make(test.store, cutOff('tenant', TENANT, 'disabled'));
    const [last] = await test.store.readFamilies(TENANT, idsOf());
    expect(last).toMatchObject({ revision: 3, reading: { tenant: { disabled: true, cutoff: 3 } } });
  });

  it('sees one moment, whatever is committed meanwhile', async () => {
    const ids = idsOf();
    let isOver = false;
    const ending = (async () => {
      for (const familyId of ids) {
        await make(test.store, revokeFamily(familyId));
      }
      isOver = true;
    })();
    while (!isOver) {
      // New ones are among those that an engine may know.
      const readings = await test.store.readFamilies(TENANT, [aFamilyId(), ...ids, aFamilyId()]);
      const revisions = new Set(readings.map(({ revision }) => revision));
      const ended = readings.map(({ reading }) => reading?.family.revokedRevision ?? 0);
      expect([...revisions]).toEqual([Math.max(...ended)]);
    }
    await ending;
  });

  it('tells when it is begun, and ends by what that throws', async () => {
    const turns: string[] = [];
    await test.store.readFamilies(TENANT, idsOf(), undefined, () => turns.push('turn'));
    expect(turns.length).toBeLessThanOrEqual(1);
    if (turns.length === 1) {
      const refused = test.store.readFamilies(TENANT, idsOf(), undefined, () => {
        throw new Error('nobody waits');
      });
      await expect(refused).rejects.toThrow();
    }
  });
}
