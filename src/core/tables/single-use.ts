import type { Digest, Instant } from '../model.ts';
import { bytes, integer, json, table, text } from '../table.ts';
import { familyId } from './families.ts';

/** What a single-use secret begins; each purpose has a payload of its own. */
export type SingleUsePurpose =
  | 'second_factor'
  | 'authorization_code'
  | 'device_code'
  | 'user_code'
  | 'registration'
  | 'registration_pin';

/**
 * Something short-lived that is redeemed once. A redeemed row stays until it expires and knows its family, so that a replay is seen.
 */
export interface SingleUse {
  /** SHA-256 of the secret. */
  readonly digest: Digest;
  readonly purpose: SingleUsePurpose;
  readonly tenantId: string;
  readonly subjectId: string;
  readonly clientId: string;
  /** The family that it was redeemed for; null before. */
  readonly familyId: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly expireTime: Instant;
}

export const SINGLE_USE = table<SingleUse>(
  'single_use',
  {
    digest: bytes(),
    purpose: text<SingleUsePurpose>(),
    tenantId: text(),
    subjectId: text(),
    clientId: text(),
    familyId: familyId<string | null>(),
    payload: json<SingleUse['payload']>((value) => value as SingleUse['payload']),
    expireTime: integer(),
  },
  { key: ['digest'], forget: { by: 'expireTime' } },
);
