/** The words of the design (section 1), as plain data. Times are epoch milliseconds, lifetimes milliseconds. */
import type { TenantPolicy } from './policy.ts';

export type { TenantPolicy };

/** A point in time: epoch milliseconds, UTC. */
export type Instant = number;

/** A text that holds a JSON object. */
export type JsonText = string;

export type TokenKind = 'USER' | 'DEVICE' | 'APPLICATION' | 'ADMIN' | 'ANONYMOUS';

/** What a token stands for: `client` for APPLICATION, ADMIN and ANONYMOUS tokens. */
export type SubjectKind = 'user' | 'device' | 'client';

/** A pool of users, devices and clients, walled off from every other. */
export interface Tenant {
  readonly tenantId: string;
  readonly displayName: string;
  readonly disabled: boolean;
  readonly policy: TenantPolicy;
  /** Grows by one with each revocation event of the tenant, and leaps when a backup is restored. */
  readonly revision: number;
  /** Families issued at an earlier revision than this are dead. */
  readonly cutoff: number;
  readonly createTime: Instant;
  /** The sequence and the hash of the tenant's last audit record; 0 and 32 zero bytes before the first. */
  readonly auditSequence: number;
  readonly auditHash: Digest;
}

/**
 * `admin`: the super user of its tenant. `introspect`: a service that may introspect the tokens of its tenant. `operator`: makes
 * tenants and manages all of them.
 */
export type ClientRole = 'admin' | 'introspect' | 'operator';

/** An OAuth client. A public one has no secret and only names itself. */
export interface Client {
  readonly clientId: string;
  readonly tenantId: string;
  readonly displayName: string;
  readonly confidential: boolean;
  readonly roles: readonly ClientRole[];
  /** The scopes that it may ask for. */
  readonly scopes: readonly string[];
  readonly disabled: boolean;
  readonly cutoff: number;
  readonly createTime: Instant;
}

/** One of the secrets that a confidential client holds; several overlap while one replaces the other. */
export interface ClientSecret {
  readonly secretId: string;
  readonly clientId: string;
  readonly digest: Digest;
  /** Absent: never. */
  readonly expireTime: Instant | null;
}

/** A user or a device: the two principals that can log in. */
export interface Subject {
  readonly subjectId: string;
  readonly tenantId: string;
  readonly kind: 'user' | 'device';
  /** argon2id in PHC form; null when the subject has no password. */
  readonly passwordHash: string | null;
  readonly disabled: boolean;
  readonly cutoff: number;
  readonly createTime: Instant;
  /** Users only. */
  readonly loginName: string | null;
  readonly email: string | null;
  readonly emailVerified: boolean;
  /** E.164, with the leading `+`. */
  readonly phone: string | null;
  readonly phoneVerified: boolean;
  /** Devices only: the id that the vendor gave it. */
  readonly vendorId: string | null;
  /** What people call it; may be empty. */
  readonly displayName: string;
  /** What the applications keep beside it: a JSON object, at most 8 KiB. */
  readonly attributes: JsonText;
  /** Devices only: ids of the users that own it. */
  readonly ownerIds: readonly string[];
  /** Users only: whether a login needs a second factor. */
  readonly mfaEnabled: boolean;
}

/** The public half of `Subject` that is not set by the store's own rules. */
export type SubjectProfile = Pick<
  Subject,
  | 'loginName'
  | 'email'
  | 'emailVerified'
  | 'phone'
  | 'phoneVerified'
  | 'vendorId'
  | 'displayName'
  | 'attributes'
  | 'ownerIds'
>;

/** SHA-256 of a secret: 32 bytes. */
export type Digest = Uint8Array;

export type TokenUse = 'access' | 'refresh';

/** An immutable row: the digest of a secret. */
export interface Token {
  readonly digest: Digest;
  /** Public id, safe to log. */
  readonly tokenId: string;
  readonly familyId: string;
  readonly generation: number;
  readonly use: TokenUse;
  readonly issueTime: Instant;
  readonly expireTime: Instant;
}

/** The answer to the last refresh, kept so that it can be given again when it was lost. */
export interface LastRefresh {
  /** The pair, sealed under a key that only the presented refresh token yields. */
  readonly sealed: Uint8Array;
  readonly repeatUntil: Instant;
  readonly tokenId: string;
  readonly issueTime: Instant;
  readonly expireTime: Instant;
}

/** One login and all that descends from it by refresh: the one mutable row. */
export interface Family {
  readonly familyId: string;
  readonly tenantId: string;
  /** The client that the tokens were issued to. */
  readonly clientId: string;
  /** The client that may refresh: the caller of Issue. It differs from `clientId` when a public client presented another's secret. */
  readonly refreshClientId: string;
  readonly subjectKind: SubjectKind;
  readonly subjectId: string;
  readonly kind: TokenKind;
  readonly scopes: readonly string[];
  /** How often the family was refreshed; only tokens of this generation are live. */
  readonly generation: number;
  /** The tenant's revision when the family was issued; compared with cutoffs. */
  readonly issueRevision: number;
  readonly issueTime: Instant;
  /** No token of the family outlives this. */
  readonly expireTime: Instant;
  /** The revision that revoked the family; null while it is not revoked. */
  readonly revokedRevision: number | null;
  /** Null before the first refresh, and again once its answer is known to have arrived. */
  readonly lastRefresh: LastRefresh | null;
}

/** The answer to an Issue with a request id, kept for a bounded time. */
export interface IssueRecord {
  /** SHA-256 of the calling client's id and the request id. */
  readonly requestDigest: Digest;
  /** SHA-256 of what was asked, to tell a repeat from another request. */
  readonly fingerprint: Digest;
  readonly sealed: Uint8Array;
  readonly expireTime: Instant;
  readonly familyId: string;
  readonly accessTokenId: string;
  readonly accessIssueTime: Instant;
  readonly accessExpireTime: Instant;
  readonly refreshExpireTime: Instant | null;
  readonly subjectId: string;
  readonly kind: TokenKind;
}

/** Failed logins of one name or from one address. */
export interface LoginFailures {
  readonly tenantId: string;
  /** `subject:<id>`, `name:<kind>:<name>` when nobody has that name, or `address:<ip>`. */
  readonly key: string;
  readonly count: number;
  readonly windowEndTime: Instant;
  readonly lockEndTime: Instant | null;
}

/** What a revocation event is about. */
export type RevocationScope = 'family' | 'user' | 'device' | 'client' | 'tenant';

/** One event of a tenant's revocation log. */
export interface RevocationEvent {
  readonly tenantId: string;
  readonly revision: number;
  readonly scope: RevocationScope;
  /** The id of the family, user, device, client or tenant. */
  readonly key: string;
  readonly cause: RevocationCause;
  readonly eventTime: Instant;
}

/** `restored`: a backup was put back, which knows nothing of what was revoked after it. */
export type RevocationCause =
  | 'revoked'
  | 'refresh_reuse'
  | 'disabled'
  | 'deleted'
  | 'restored'
  | 'password_changed'
  | 'secret_reset';
