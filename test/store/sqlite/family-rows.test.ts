/** What is read of families stays small when it is kept. */
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { SharedValues } from '../../../src/store/sqlite/family-rows.ts';

it('reads digests', () => {
  const shared = new SharedValues();
  const digests = Array.from({ length: 100 }, () => randomBytes(32));
  const read = digests.map((digest) => shared.digest(digest.toString('hex')));
  expect(read.map((digest) => Buffer.from(digest).toString('hex'))).toEqual(
    digests.map((digest) => digest.toString('hex')),
  );
});

it('keeps no memory of others with a digest, however much comes between', () => {
  const shared = new SharedValues();
  const held = new Set<ArrayBufferLike>();
  for (let i = 0; i < 1_000; i++) {
    held.add(shared.digest('00'.repeat(32)).buffer);
    // As an answer on its way does.
    Buffer.from('x'.repeat(3_000));
  }
  const bytes = [...held].reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(bytes).toBeLessThan(33 * 1_000);
});
