import { describe, expect, it } from 'vitest';
import { callData, FRAME, FrameReader, frame, headerBlock, settings, settingsOf } from '../../bench/load/frames.ts';

describe('the frames of the load', () => {
  it('are found however they were cut on their way', () => {
    const frames = [settings([[3, 256]]), callData(Buffer.from('message')), frame(FRAME.PING, 1, 0, Buffer.alloc(8))];
    const bytes = Buffer.concat(frames);
    for (let size = 1; size <= bytes.length; size++) {
      const found: Buffer[] = [];
      const reader = new FrameReader((type, flags, streamId, chunk, at, end) =>
        found.push(frame(type, flags, streamId, chunk.subarray(at, end))),
      );
      for (let at = 0; at < bytes.length; at += size) {
        reader.read(bytes.subarray(at, at + size));
      }
      expect(found).toEqual(frames);
    }
  });

  it('hold settings', () => {
    const payload = settings([
      [1, 0],
      [4, 2 ** 31 - 1],
    ]).subarray(9);
    expect([...settingsOf(payload)]).toEqual([
      [1, 0],
      [4, 2 ** 31 - 1],
    ]);
  });

  it('hold literal fields, with lengths as RFC 7541 writes them', () => {
    expect(headerBlock({ te: 'trailers' }).toString('latin1')).toBe('\x00\x02te\x08trailers');
    // 5.1 and C.1.2: 1,337 is 31 + 154 + 10 × 128 with five bits; with seven it is 127 + 58 + 9 × 128.
    expect([...headerBlock({ a: 'x'.repeat(1_337) }).subarray(3, 6)]).toEqual([127, 58 + 128, 9]);
    expect([...headerBlock({ a: 'x'.repeat(127) }).subarray(3, 6)]).toEqual([127, 0, 'x'.charCodeAt(0)]);
  });
});
