/** Tokens that nobody was issued, in the right form and with the right checksum. */
import { randomBytes } from 'node:crypto';
import type { TokenKind, TokenUse } from '../../src/core/model.ts';
import {
  FAMILY_RANDOM_BYTES,
  mintToken,
  newFamilyId,
  type OpenTagKey,
  openTagKey,
  TOKEN_RANDOM_BYTES,
} from '../../src/core/token-form.ts';

/** A key of this id that no server has. */
export function someTagKey(keyId = '0'): OpenTagKey {
  return openTagKey(keyId, randomBytes(32));
}

/** A family's id that names no login. */
export function someFamilyId(now = Date.UTC(2030, 0, 1)): string {
  return newFamilyId(now, randomBytes(FAMILY_RANDOM_BYTES));
}

export interface MadeUp {
  readonly keyId?: string;
  readonly kind?: TokenKind;
  readonly familyId?: string;
  readonly generation?: number;
}

export function madeUp(
  use: TokenUse,
  { keyId, kind = 'USER', familyId = someFamilyId(), generation = 0 }: MadeUp = {},
): string {
  const random = randomBytes(TOKEN_RANDOM_BYTES);
  return mintToken(someTagKey(keyId), { use, kind, familyId, generation, random });
}
