import { describe, expect, it } from 'vitest';
import {
  MAX_WAITS,
  MAX_WAITS_OF_ALL_STRANGERS,
  MAX_WAITS_OF_STRANGERS,
  Waits,
} from '../../../src/core/services/waits.ts';

function fill(waits: Waits, count: number, tenantId: string, isStranger: boolean): Promise<(() => void)[]> {
  return Promise.all(Array.from({ length: count }, () => waits.enter(tenantId, isStranger)));
}

const REFUSED = { code: 'overloaded', message: expect.stringContaining('nothing was done'), retryAfterMs: 1_200 };

describe('the places for calls that wait', () => {
  it('are so many for each tenant, and are given back', async () => {
    const waits = new Waits();
    const [leave] = await fill(waits, MAX_WAITS, 'acme', false);
    await expect(waits.enter('acme', false)).rejects.toMatchObject(REFUSED);
    await waits.enter('other', false);
    leave?.();
    await waits.enter('acme', false);
    await expect(waits.enter('acme', false)).rejects.toMatchObject(REFUSED);
  });

  it('are so many for the strangers of each tenant, who take none of its clients and none of other tenants', async () => {
    const waits = new Waits();
    const [leave] = await fill(waits, MAX_WAITS_OF_STRANGERS, 'acme', true);
    await expect(waits.enter('acme', true)).rejects.toMatchObject(REFUSED);
    await waits.enter('other', true);
    await waits.enter('acme', false);
    leave?.();
    await waits.enter('acme', true);
  });

  it('are so many for the strangers of all tenants, and who is refused for that took none of its tenant', async () => {
    const waits = new Waits();
    const tenants = MAX_WAITS_OF_ALL_STRANGERS / MAX_WAITS_OF_STRANGERS;
    const leaves: (() => void)[] = [];
    for (let tenant = 0; tenant < tenants; tenant += 1) {
      leaves.push(...(await fill(waits, MAX_WAITS_OF_STRANGERS, `tenant ${tenant}`, true)));
    }
    for (let i = 0; i < MAX_WAITS_OF_STRANGERS; i += 1) {
      await expect(waits.enter('late', true)).rejects.toMatchObject(REFUSED);
    }
    await waits.enter('late', false);
    for (const leave of leaves) {
      leave();
    }
    await fill(waits, MAX_WAITS_OF_STRANGERS, 'late', true);
  });
});
