import { describe, expect, it } from 'vitest';
import { headerBlock, settings } from '../../bench/frames.ts';

describe('the frames of the load', () => {
  it('hold settings', () => {
    const payload = settings([
      [1, 0],
      [4, 2 ** 31 - 1],
    ]).subarray(9);
    expect(payload.toString('hex')).toBe('00010000000000047fffffff');
  });

  it('hold literal fields, with lengths as RFC 7541 writes them', () => {
    expect(headerBlock({ te: 'trailers' }).toString('latin1')).toBe('\x00\x02te\x08trailers');
    // 5.1 and C.1.2: 1,337 is 31 + 154 + 10 × 128 with five bits; with seven it is 127 + 58 + 9 × 128.
    expect([...headerBlock({ a: 'x'.repeat(1_337) }).subarray(3, 6)]).toEqual([127, 58 + 128, 9]);
    expect([...headerBlock({ a: 'x'.repeat(127) }).subarray(3, 6)]).toEqual([127, 0, 'x'.charCodeAt(0)]);
  });
});
