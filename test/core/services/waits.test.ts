import { describe, expect, it } from 'vitest';
import { MAX_WAITS, MAX_WAITS_OF_STRANGERS, Waits } from '../../../src/core/services/waits.ts';

function fill(waits: Waits, count: number, tenantId: string, isStranger: boolean): (() => void)[] {
  return Array.from({ length: count }, () => waits.enter(tenantId, isStranger) as () => void);
}

describe('the places for calls that wait', () => {
  it('are so many for each tenant, and are given back', () => {
    const waits = new Waits();
    const [leave] = fill(waits, MAX_WAITS, 'acme', false);
    expect(() => waits.enter('acme', false)).toThrow('nothing was done');
    expect(() => waits.enter('other', false)).not.toThrow();
    leave?.();
    expect(() => waits.enter('acme', false)).not.toThrow();
    expect(() => waits.enter('acme', false)).toThrow();
  });

  it('are so many for all strangers together, who take none of a tenant', () => {
    const waits = new Waits();
    const leaves = fill(waits, MAX_WAITS_OF_STRANGERS / 2, 'acme', true);
    leaves.push(...fill(waits, MAX_WAITS_OF_STRANGERS / 2, 'other', true));
    expect(() => waits.enter('third', true)).toThrow('nothing was done');
    expect(() => waits.enter('acme', false)).not.toThrow();
    for (const leave of leaves) {
      leave();
    }
    expect(() => fill(waits, MAX_WAITS_OF_STRANGERS, 'acme', true)).not.toThrow();
  });

  it('are refused with a time after which to come again', () => {
    const waits = new Waits();
    fill(waits, MAX_WAITS, 'acme', false);
    expect(() => waits.enter('acme', false)).toThrow(
      expect.objectContaining({ code: 'overloaded', retryAfterMs: expect.any(Number) }),
    );
  });
});
