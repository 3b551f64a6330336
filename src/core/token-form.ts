/**
 * The form of tokens, 84 characters. The generation and the family can be read off a token, and so can the time of the login; the tag
 * proves that we made it, and the checksum refuses rubbish without a key.
 *
 *     syu_ | kind | key | family 24 | generation 6 | random 30 | tag 12 | checksum 6
 */
import { timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { areGroups, decodeBytes, decodeGroup, encodeBytes, encodeGroup } from './base62.ts';
import { type HmacKey, hmacKey, hmacOf } from './hmac.ts';
import type { Instant, TokenKind, TokenUse } from './model.ts';

/** Random bytes of a family's id, after 6 bytes of the time of the login. */
export const FAMILY_RANDOM_BYTES = 10;
/** Random bytes of a token: only these are secret. */
export const TOKEN_RANDOM_BYTES = 20;
/** A family that was refreshed as often can't be refreshed any more. */
export const MAX_GENERATION = 2 ** 32 - 1;

const FAMILY_BYTES = 16;
const FAMILY_ID_LENGTH = 27;
const FAMILY_PREFIX = 'fm_';
const ID_PREFIXES = { access: 'ta_', refresh: 'tr_' } as const satisfies Record<TokenUse, string>;
const KIND_LETTERS = {
  USER: 'u',
  DEVICE: 'd',
  APPLICATION: 'p',
  ADMIN: 'a',
  ANONYMOUS: 'n',
} as const satisfies Record<TokenKind, string>;
const REFRESH_LETTER = 'r';
const TAG_BYTES = 8;

const AT = { kind: 4, key: 5, family: 6, generation: 30, random: 36, tag: 66, checksum: 78 } as const;
export const TOKEN_LENGTH = 84;

const TOKEN_FORM = /^sy[udpanr]_[udpan][0-9A-Za-z]{79}$/;
const FAMILY_FORM = /^fm_[0-9A-Za-z]{24}$/;
const ID_FORM = /^t[ar]_[0-9A-Za-z]{30}$/;
const KINDS: ReadonlyMap<string, TokenKind> = new Map(
  Object.entries(KIND_LETTERS).map(([kind, letter]) => [letter, kind as TokenKind]),
);

/** What a token says of itself; whether it is true, the tag or the family's row tells. */
export interface ParsedToken {
  readonly text: string;
  readonly use: TokenUse;
  readonly kind: TokenKind;
  readonly keyId: string;
  readonly familyId: string;
  readonly generation: number;
}

/** A tag key as it is used: made once, for making it costs more than a tag. */
export interface OpenTagKey {
  readonly keyId: string;
  readonly hmac: HmacKey;
}

export function openTagKey(keyId: string, secret: Uint8Array): OpenTagKey {
  return { keyId, hmac: hmacKey(secret, AT.tag) };
}

/** Undefined for what can't be a token. */
export function parseToken(text: string): ParsedToken | undefined {
  if (
    text.length !== TOKEN_LENGTH ||
    !TOKEN_FORM.test(text) ||
    checksumOf(text.slice(0, AT.checksum)) !== text.slice(AT.checksum)
  ) {
    return undefined;
  }
  const letter = text.charAt(2);
  const kind = KINDS.get(text.charAt(AT.kind));
  const use = letter === REFRESH_LETTER ? 'refresh' : 'access';
  const generation = decodeGroup(text, AT.generation);
  const isMine = kind !== undefined && (use === 'refresh' || letter === KIND_LETTERS[kind]);
  if (!isMine || generation === undefined || !areGroups(text, AT.family, AT.generation)) {
    return undefined;
  }
  return { text, use, kind, keyId: text.charAt(AT.key), familyId: familyIn(text), generation };
}

/** The family of a text that is known to be a token. */
export function familyIn(token: string): string {
  return FAMILY_PREFIX + token.slice(AT.family, AT.generation);
}

/** What a token is made of, besides its key. */
export interface TokenParts {
  readonly use: TokenUse;
  readonly kind: TokenKind;
  readonly familyId: string;
  readonly generation: number;
  readonly random: Uint8Array;
}

export function mintToken(key: OpenTagKey, { use, kind, familyId, generation, random }: TokenParts): string {
  const letter = use === 'refresh' ? REFRESH_LETTER : KIND_LETTERS[kind];
  const family = familyId.slice(FAMILY_PREFIX.length);
  const head = `sy${letter}_${KIND_LETTERS[kind]}${key.keyId}${family}${encodeGroup(generation)}${encodeBytes(random)}`;
  const body = head + encodeBytes(tagOf(key, head));
  return body + checksumOf(body);
}

/** Prefix, kind and key id are under the tag: else an old access token could be made into an old refresh token. */
function tagOf({ hmac }: OpenTagKey, head: string): Uint8Array {
  const digest = hmacOf(hmac, head);
  const tag = new Uint8Array(TAG_BYTES);
  for (let i = 0; i < TAG_BYTES; i++) {
    tag[i] = digest.charCodeAt(i);
  }
  return tag;
}

export function isTagRight(key: OpenTagKey, { text }: ParsedToken): boolean {
  const given = decodeBytes(text, AT.tag, AT.checksum);
  return given !== undefined && timingSafeEqual(given, tagOf(key, text.slice(0, AT.tag)));
}

function checksumOf(body: string): string {
  return encodeGroup(crc32(body));
}

/** The public id of a token: safe to log, and enough to revoke by. */
export function tokenIdOf(use: TokenUse, familyId: string, generation: number): string {
  return ID_PREFIXES[use] + familyId.slice(FAMILY_PREFIX.length) + encodeGroup(generation);
}

/** The family that a token's public id names; undefined for what can't be such an id. */
export function familyOfTokenId(tokenId: string): string | undefined {
  const familyId = FAMILY_PREFIX + tokenId.slice(3, 27);
  return ID_FORM.test(tokenId) && decodeGroup(tokenId, 27) !== undefined && isFamilyId(familyId) ? familyId : undefined;
}

export function isFamilyId(text: string): boolean {
  return FAMILY_FORM.test(text) && areGroups(text, FAMILY_PREFIX.length, text.length);
}

/**
 * A new family's id: the second of the login and 16 bits of its fraction, so that new rows stand together at the end of their indexes, and
 * randomness.
 */
export function newFamilyId(now: Instant, random: Uint8Array): string {
  const bytes = new Uint8Array(FAMILY_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(now / 1_000));
  view.setUint16(4, Math.floor(((now % 1_000) / 1_000) * 2 ** 16));
  bytes.set(random, 6);
  return FAMILY_PREFIX + encodeBytes(bytes);
}

/** An id that is not well formed names no family: it is a fault of the program. */
export function bytesOfFamily(familyId: string): Uint8Array {
  const bytes = familyId.length === FAMILY_ID_LENGTH ? decodeBytes(familyId, FAMILY_PREFIX.length) : undefined;
  if (bytes === undefined) {
    throw new TypeError('what was given as a family’s id is not one');
  }
  return bytes;
}

export function familyOfBytes(bytes: Uint8Array): string {
  return FAMILY_PREFIX + encodeBytes(bytes);
}
