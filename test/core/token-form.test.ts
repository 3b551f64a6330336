import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBytes, encodeGroup } from '../../src/core/base62.ts';
import type { TokenUse } from '../../src/core/model.ts';
import { TOKEN_KINDS } from '../../src/core/tables/families.ts';
import {
  bytesOfFamily,
  familyOfBytes,
  familyOfTokenId,
  isFamilyId,
  isTagRight,
  MAX_GENERATION,
  mintToken,
  newFamilyId,
  type OpenTagKey,
  openTagKey,
  parseToken,
  type TokenParts,
  tokenIdOf,
} from '../../src/core/token-form.ts';
import { madeUp, someTagKey } from './made-up.ts';

const PINNED = 'syr_dK3fyaOR3kXGwB3p5xTv3tee1f0000071pzQmt1uY7Kd1z6nsN23fUQ728EAxr0fpDnv2rNLwr1KPWeK';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const USES: readonly TokenUse[] = ['access', 'refresh'];

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const someParts: fc.Arbitrary<TokenParts> = fc.record({
  use: fc.constantFrom(...USES),
  kind: fc.constantFrom(...TOKEN_KINDS),
  familyId: bytesOf(16).map(familyOfBytes),
  generation: fc.oneof(fc.constantFrom(0, 1, MAX_GENERATION - 1, MAX_GENERATION), fc.nat(MAX_GENERATION)),
  random: bytesOf(20),
});
const someKey: fc.Arbitrary<OpenTagKey> = fc
  .tuple(fc.constantFrom(...ALPHABET), bytesOf(32))
  .map(([keyId, secret]) => openTagKey(keyId, secret));

/** With a checksum that is right again. */
function checked(body: string): string {
  return body + encodeGroup(crc32(body));
}

describe('a token', () => {
  it('is 84 characters, and tells what it was made of', () => {
    fc.assert(
      fc.property(someKey, someParts, (key, parts) => {
        const text = mintToken(key, parts);
        expect(text).toMatch(/^[A-Za-z0-9_]{84}$/);
        const { random: _, ...told } = parts;
        expect(parseToken(text)).toEqual({ text, keyId: key.keyId, ...told });
      }),
    );
  });

  it('has its parts in their places, and the tag of RFC 2104 under all that comes before it', () => {
    const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
    const random = Uint8Array.from({ length: 20 }, (_, i) => 100 + i);
    const familyId = familyOfBytes(Uint8Array.from({ length: 16 }, (_, i) => 200 + i));
    const parts = { use: 'refresh', kind: 'DEVICE', familyId, generation: 7, random } as const;
    const text = mintToken(openTagKey('K', secret), parts);

    const head = `syr_dK${familyId.slice(3)}000007${encodeBytes(random)}`;
    const tag = createHmac('sha256', secret).update(head).digest().subarray(0, 8);
    expect(text).toBe(checked(head + encodeBytes(tag)));
    // Pinned, for what is issued must be readable for decades.
    expect(text).toBe(PINNED);
  });

  it('has a prefix for each kind, and one for all refresh tokens', () => {
    const prefixes = { USER: 'syu_u', DEVICE: 'syd_d', APPLICATION: 'syp_p', ADMIN: 'sya_a', ANONYMOUS: 'syn_n' };
    for (const kind of TOKEN_KINDS) {
      expect(madeUp('access', { kind }).slice(0, 5)).toBe(prefixes[kind]);
      expect(madeUp('refresh', { kind }).slice(0, 5)).toBe(`syr_${prefixes[kind].slice(4)}`);
    }
  });

  it('has every generation from 0 to 2^32 - 1, in one length', () => {
    for (const generation of [0, 1, 61, 62, 2 ** 31, MAX_GENERATION - 1, MAX_GENERATION]) {
      expect(parseToken(madeUp('access', { generation }))).toMatchObject({ generation });
    }
  });

  it('sorts by its family and then by its generation', () => {
    fc.assert(
      fc.property(someKey, someParts, fc.nat(MAX_GENERATION), (key, parts, generation) => {
        const [one, other] = [mintToken(key, parts), mintToken(key, { ...parts, generation })];
        fc.pre(parts.generation !== generation);
        expect(one < other).toBe(parts.generation < generation);
      }),
    );
  });
});

describe('what can’t be a token:', () => {
  const token = madeUp('access');

  it('any one character changed', () => {
    const someChange = fc.record({ at: fc.nat(83), to: fc.constantFrom(...ALPHABET, '_', '-') });
    fc.assert(
      fc.property(someKey, someParts, someChange, (key, parts, { at, to }) => {
        const text = mintToken(key, parts);
        fc.pre(text[at] !== to);
        expect(parseToken(text.slice(0, at) + to + text.slice(at + 1))).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('a group above 2^32 - 1 in the family or the generation, whatever the checksum', () => {
    for (const at of [6, 12, 18, 24, 30]) {
      for (const group of ['4gfFC4', 'zzzzzz']) {
        expect(parseToken(checked(token.slice(0, at) + group + token.slice(at + 6, 78))), `at ${at}`).toBeUndefined();
      }
    }
  });

  it('a prefix of another kind than the token says, with a right checksum', () => {
    expect(parseToken(checked(`syd_${token.slice(4, 78)}`))).toBeUndefined();
    expect(parseToken(checked(`syu_d${token.slice(5, 78)}`))).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['a prefix', 'syu_'],
    ['a token with a line break behind it', `${token}\n`],
    ['a token with a space before it', ` ${token}`],
    ['a token twice', token.repeat(2)],
    ['a token in lower case', token.toLowerCase()],
    ['a token with a letter that only looks right', token.replace('u', 'υ')],
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'],
  ])('%s', (_, text) => {
    expect(parseToken(text)).toBeUndefined();
  });

  it('any text that comes along', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseToken(`syu_${text}`) === undefined));
  });
});

describe('a tag', () => {
  const isRight = (key: OpenTagKey, text: string) => {
    const token = parseToken(text);
    return token !== undefined && isTagRight(key, token);
  };

  it('is right under the key that made it, and wrong under another of the same id', () => {
    fc.assert(
      fc.property(someKey, someParts, (key, parts) => {
        const text = mintToken(key, parts);
        expect(isRight(key, text)).toBe(true);
        expect(isRight(someTagKey(key.keyId), text)).toBe(false);
      }),
    );
  });

  it('is wrong once anything before it was changed, however right the checksum', () => {
    const someChange = fc.record({ at: fc.integer({ min: 5, max: 77 }), to: fc.constantFrom(...ALPHABET) });
    fc.assert(
      fc.property(someKey, someParts, someChange, (key, parts, { at, to }) => {
        const text = mintToken(key, parts);
        fc.pre(text[at] !== to);
        expect(isRight(key, checked(text.slice(0, at) + to + text.slice(at + 1, 78)))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is wrong of an access token that was given the prefix of a refresh token, and the other way round', () => {
    fc.assert(
      fc.property(someKey, someParts, (key, parts) => {
        const [access, refresh] = USES.map((use) => mintToken(key, { ...parts, use })) as [string, string];
        for (const [text, prefix] of [
          [access, 'syr_'],
          [refresh, access.slice(0, 4)],
        ] as const) {
          const forged = checked(prefix + text.slice(4, 78));
          // It is a token by its form: only the tag tells.
          expect(parseToken(forged)).toBeDefined();
          expect(isRight(key, forged)).toBe(false);
        }
      }),
    );
  });

  it('above 2^32 - 1 is wrong, and nothing is thrown', () => {
    const key = someTagKey();
    const text = madeUp('access');
    expect(isRight(key, checked(`${text.slice(0, 66)}zzzzzz${text.slice(72, 78)}`))).toBe(false);
  });
});

describe('ids', () => {
  it('of a token name its family, and its use and generation tell them apart', () => {
    fc.assert(
      fc.property(someParts, ({ use, familyId, generation }) => {
        const tokenId = tokenIdOf(use, familyId, generation);
        expect(tokenId).toMatch(/^t[ar]_[0-9A-Za-z]{30}$/);
        expect(familyOfTokenId(tokenId)).toBe(familyId);
        expect(isFamilyId(tokenId)).toBe(false);
        expect(familyOfTokenId(familyId)).toBeUndefined();
        expect(tokenId).not.toBe(tokenIdOf(use === 'access' ? 'refresh' : 'access', familyId, generation));
      }),
    );
  });

  it.each([
    '',
    'ta_',
    `ta_${'z'.repeat(30)}`,
    `ta_${'0'.repeat(24)}zzzzzz`,
    `tb_${'0'.repeat(30)}`,
    `ta_${'0'.repeat(31)}`,
  ])('%j names no family', (text) => {
    expect(familyOfTokenId(text)).toBeUndefined();
  });

  it('of families sort by the millisecond of the login, as their bytes do', () => {
    const someLogin = fc.record({ now: fc.integer({ min: 0, max: 2 ** 32 * 1_000 - 1 }), random: bytesOf(10) });
    fc.assert(
      fc.property(someLogin, someLogin, (one, other) => {
        const [a, b] = [one, other].map(({ now, random }) => newFamilyId(now, random)) as [string, string];
        fc.pre(one.now !== other.now);
        expect(a < b).toBe(one.now < other.now);
        expect(Buffer.compare(bytesOfFamily(a), bytesOfFamily(b)) < 0).toBe(a < b);
        expect(familyOfBytes(bytesOfFamily(a))).toBe(a);
      }),
    );
  });

  it('of families begin anew after 2^32 seconds, and stay well-formed', () => {
    const familyId = newFamilyId(2 ** 32 * 1_000, new Uint8Array(10));
    expect(familyId).toBe(`fm_${'0'.repeat(24)}`);
    expect(isFamilyId(familyId)).toBe(true);
  });

  it('that are not well formed are a fault of the program', () => {
    for (const text of ['', 'fm_', `fm_${'z'.repeat(24)}`, `fm_${'0'.repeat(18)}`]) {
      expect(() => bytesOfFamily(text)).toThrow(TypeError);
    }
  });
});
