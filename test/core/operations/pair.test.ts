import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mintPair, newRandoms, newTokensOf, openPair, sealRandoms } from '../../../src/core/operations/pair.ts';
import { BOX_BYTES } from '../../../src/core/rules/grants.ts';
import { parseToken } from '../../../src/core/token-form.ts';
import { madeUp, someFamilyId, someTagKey } from '../made-up.ts';

const KEY = someTagKey('0');

/** What a refresh from generation 3 to 4 leaves in the row, and who presented what. */
function refreshed(randoms = newRandoms(randomBytes)) {
  const family = { kind: 'USER', familyId: someFamilyId() } as const;
  const presented = madeUp('refresh', { familyId: family.familyId, generation: 3 });
  const pair = mintPair(KEY, { ...family, generation: 4, randoms });
  const { keyId, accessDigest, refreshDigest } = newTokensOf(KEY, pair);
  const box = sealRandoms(randoms, presented, accessDigest);
  return { family, presented, pair, sealed: { keyId, accessDigest, refreshDigest, box, generation: 4 } };
}

it('a pair is one access and one refresh token of a family and a generation', () => {
  const { pair, family } = refreshed();
  const common = { ...family, generation: 4, keyId: '0' };
  expect(parseToken(pair.accessToken)).toMatchObject({ ...common, use: 'access' });
  expect(parseToken(pair.refreshToken)).toMatchObject({ ...common, use: 'refresh' });
  expect(pair.accessToken.slice(36, 66)).not.toBe(pair.refreshToken.slice(36, 66));
});

describe('the box of a pair', () => {
  it('opens with the token that was presented', () => {
    const someRandoms = fc.uint8Array({ minLength: BOX_BYTES, maxLength: BOX_BYTES });
    fc.assert(
      fc.property(someRandoms, (randoms) => {
        const { family, presented, pair, sealed } = refreshed(randoms);
        expect(sealed.box).toHaveLength(BOX_BYTES);
        expect(openPair(KEY, sealed, presented, family)).toEqual(pair);
      }),
    );
  });

  it('opens with no other token of the same family and generation, nor with one of the pair itself', () => {
    const { family, presented, pair, sealed } = refreshed();
    const another = madeUp('refresh', { familyId: family.familyId, generation: 3 });
    for (const text of [another, `${presented} `, presented.toLowerCase(), '', pair.accessToken, pair.refreshToken]) {
      expect(openPair(KEY, sealed, text, family)).toBeUndefined();
    }
  });

  it('opens to nothing when any part of the row, the family or the key is another', () => {
    const { family, presented, sealed } = refreshed();
    const other = refreshed().sealed;
    const changed = { box: other.box, accessDigest: other.accessDigest, refreshDigest: other.refreshDigest };
    for (const [field, value] of Object.entries({ ...changed, generation: 5 })) {
      expect(openPair(KEY, { ...sealed, [field]: value }, presented, family), field).toBeUndefined();
    }
    expect(openPair(KEY, sealed, presented, { ...family, familyId: someFamilyId() })).toBeUndefined();
    expect(openPair(KEY, sealed, presented, { ...family, kind: 'DEVICE' })).toBeUndefined();
    expect(openPair(someTagKey('0'), sealed, presented, family)).toBeUndefined();
    expect(openPair({ ...KEY, keyId: '1' }, sealed, presented, family)).toBeUndefined();
  });

  it('opens to nothing when any one bit was changed', () => {
    const { family, presented, sealed } = refreshed();
    for (let bit = 0; bit < BOX_BYTES * 8; bit++) {
      const box = Uint8Array.from(sealed.box);
      box[bit >> 3] = (box[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openPair(KEY, { ...sealed, box }, presented, family), `bit ${bit}`).toBeUndefined();
    }
  });

  it('is another for each pair that one token was traded for, so that no two show their difference', () => {
    const randoms = newRandoms(randomBytes);
    const presented = madeUp('refresh');
    const [one, other] = [1, 2].map((byte) => sealRandoms(randoms, presented, new Uint8Array(32).fill(byte)));
    expect(one).not.toEqual(other);
  });

  it('is HKDF-SHA256 (RFC 5869) over the presented token, pinned for the next version', () => {
    const box = sealRandoms(new Uint8Array(BOX_BYTES), 'presented', new Uint8Array(32));
    expect(Buffer.from(box).toString('hex')).toBe(
      '89979a4788611f5b9e6c2b98affea51b8ca3786e72576be29d57d23a2eb96310f33a039fea1bde44',
    );
  });
});
