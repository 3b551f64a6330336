import type { Digest, Instant, SubjectKind, TokenKind } from '../model.ts';
import { bytes, type Column, coded, group, integer, type List, table, text, words } from '../table.ts';
import { bytesOfFamily, familyOfBytes } from '../token-form.ts';

/** What a refresh and its repeat need. It has its full size from the issue on, for a row that grows splits its page. */
export interface RefreshState {
  /** SHA-256 of the refresh token of the current generation. */
  readonly digest: Digest;
  /** The first 16 bytes of the digest of the refresh token that was presented last; zeros before the first refresh. */
  readonly presented: Uint8Array;
  /** Until when the last refresh can be repeated; 0 once its answer is known to have arrived. */
  readonly repeatUntil: Instant;
  /** The two randoms of the current pair, sealed under what was presented; zeros before the first refresh. */
  readonly box: Uint8Array;
}

/** From where somebody signed in, as far as that is known. */
export interface Place {
  /** Null: this machine itself. */
  readonly address: string | null;
  /** The browser or program, as it called itself: worth nothing as a proof. */
  readonly agent: string | null;
}

/** One login and all that descends from it by refresh: its one row. */
export interface Family {
  readonly familyId: string;
  readonly tenantId: string;
  /** The client that the tokens were issued to. */
  readonly clientId: string;
  /** The client that may refresh as well: the caller of Issue. Null when that is `clientId`. */
  readonly refreshClientId: string | null;
  readonly subjectId: string;
  readonly kind: TokenKind;
  readonly scopes: readonly string[];
  /** How often the family was refreshed; only tokens of this generation are live. */
  readonly generation: number;
  /** The tenant's revision when the family was issued; compared with cutoffs. */
  readonly issueRevision: number;
  readonly issueTime: Instant;
  /** No token of the family outlives this. Null: it ends by revocation alone. */
  readonly expireTime: Instant | null;
  /** The revision that revoked the family; null while it is not revoked. */
  readonly revokedRevision: number | null;
  /** The resource server that its tokens are for (RFC 8707); null: any. */
  readonly audience: string | null;
  /** The consent that it hangs on; null: none. */
  readonly consentId: string | null;
  /** The tag key that the current pair was minted with. */
  readonly keyId: string;
  /** SHA-256 of the access token of the current generation. */
  readonly accessDigest: Digest;
  readonly accessIssueTime: Instant;
  readonly accessExpireTime: Instant;
  /** Null of a family that is never refreshed. */
  readonly refresh: RefreshState | null;
  /** As in Place. Both are null where a service logged in for somebody, and of tokens of clients. */
  readonly placeAddress: string | null;
  readonly placeAgent: string | null;
  /** When its browser came last, about; null of all but logins of the pages. */
  readonly visitTime: Instant | null;
}

export const TOKEN_KINDS: readonly TokenKind[] = ['USER', 'DEVICE', 'APPLICATION', 'ADMIN', 'ANONYMOUS'];

/** 16 bytes in the store, `fm_` and 24 characters elsewhere. Both sort alike. */
export const familyId = <T extends string | null = string>(): Column<T> => ({
  kind: 'bytes',
  toStored: (value) => bytesOfFamily(value),
  fromStored: (stored: Uint8Array) => familyOfBytes(stored) as T,
});

export const FAMILY = table<Family>(
  'family',
  {
    familyId: familyId(),
    tenantId: text(),
    clientId: text(),
    refreshClientId: text<string | null>(),
    subjectId: text(),
    kind: coded(TOKEN_KINDS),
    scopes: words(),
    generation: integer(),
    issueRevision: integer(),
    issueTime: integer(),
    expireTime: integer<number | null>(),
    revokedRevision: integer<number | null>(),
    audience: text<string | null>(),
    consentId: text<string | null>(),
    keyId: text(),
    accessDigest: bytes(),
    accessIssueTime: integer(),
    accessExpireTime: integer(),
    refresh: group<RefreshState | null>('refresh_', {
      digest: bytes(),
      presented: bytes(),
      repeatUntil: integer(),
      box: bytes(),
    }),
    placeAddress: text<string | null>(),
    placeAgent: text<string | null>(),
    visitTime: integer<number | null>(),
  },
  { key: ['familyId'], forget: { by: 'expireTime' } },
);

/** By time of login: a family's id begins with it. */
export const FAMILIES: List<Family> = { table: FAMILY, by: ['tenantId', 'subjectId'], order: ['familyId'] };

/** All of a tenant, those of a subject after each other. */
export const LOGINS_OF_TENANT: List<Family> = {
  table: FAMILY,
  by: ['tenantId'],
  order: ['subjectId', 'familyId'],
};

/** When it was used last, as far as the store knows: the login, its last refresh, or a visit. */
export function lastUseOf({ accessIssueTime, visitTime }: Pick<Family, 'accessIssueTime' | 'visitTime'>): Instant {
  return Math.max(accessIssueTime, visitTime ?? 0);
}

/** Tokens of clients are about the client itself. */
export function subjectKindOf(kind: TokenKind): SubjectKind {
  switch (kind) {
    case 'USER':
      return 'user';
    case 'DEVICE':
      return 'device';
    default:
      return 'client';
  }
}
