/** What is kept beside users and devices: codes, messages, second factors, and the audit log. Times are epoch milliseconds. */
import type { Actor } from './actor.ts';
import type { Digest, Instant } from './model.ts';

/** What a code proves, or lets its holder do. */
export const CODE_PURPOSES = ['verify_email', 'verify_phone', 'reset_password'] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];

/** How a message reaches a person. */
export type Channel = 'email' | 'sms';

/** A code that was sent to a person. A subject has at most one of each purpose. */
export interface Code {
  readonly tenantId: string;
  readonly subjectId: string;
  readonly purpose: CodePurpose;
  /** A keyed digest, for a code is short enough to be guessed from a plain one. */
  readonly digest: Digest;
  /** What it was sent to, and proves. */
  readonly address: string;
  /** Wrong guesses that it bears yet; at 0 it is dead. */
  readonly attemptsLeft: number;
  readonly expireTime: Instant;
  /** Codes of this purpose that were sent to the subject in the window that ends at `windowEndTime`. */
  readonly sentCount: number;
  readonly windowEndTime: Instant;
}

export type MessageState = 'pending' | 'sent' | 'failed';

/** A message to a person, kept until it was handed to a sender, and for a while after, so that it can be shown. */
export interface Message {
  readonly messageId: string;
  readonly tenantId: string;
  readonly subjectId: string;
  readonly channel: Channel;
  readonly purpose: CodePurpose;
  readonly address: string;
  /** The code, sealed under the server's key; null once the message was sent or given up. */
  readonly sealed: Uint8Array | null;
  readonly state: MessageState;
  readonly attempts: number;
  readonly nextAttemptTime: Instant;
  /** Why the last attempt failed, for people; holds no code. */
  readonly lastError: string | null;
  readonly createTime: Instant;
  /** When its code expires, and sending it is of no use any more. */
  readonly expireTime: Instant;
  /** Until when it can be shown. */
  readonly keepUntil: Instant;
}

/** The second factor of a user: time-based one-time passwords (RFC 6238) and recovery codes. */
export interface Totp {
  readonly subjectId: string;
  readonly tenantId: string;
  /** The shared secret, sealed under the server's key. */
  readonly sealed: Uint8Array;
  /** Whether it was confirmed by a code; until then it asks nothing of a login. */
  readonly active: boolean;
  /** The time step of the last code that was taken; a code of it or of an earlier one is a replay (RFC 6238 section 5.2). */
  readonly lastStep: number;
  /** Keyed digests of the recovery codes that are left. */
  readonly recoveryDigests: readonly Digest[];
}

/** A login whose password was right and whose second factor is awaited. */
export interface MfaChallenge {
  readonly digest: Digest;
  readonly tenantId: string;
  readonly clientId: string;
  readonly refreshClientId: string;
  readonly subjectId: string;
  readonly scopes: readonly string[];
  /** When the access token shall expire that was asked for; null: the tenant's default. */
  readonly tokenExpireTime: Instant | null;
  /** The tenant's revision when the password was checked; compared with cutoffs. */
  readonly issueRevision: number;
  readonly expireTime: Instant;
}

/** One record of a tenant's audit log. */
export interface AuditRecord {
  readonly tenantId: string;
  /** Counts from 1, without gaps. */
  readonly sequence: number;
  readonly eventTime: Instant;
  readonly actor: Actor;
  /** The command, such as `change_password`. */
  readonly action: string;
  readonly targetKind: string;
  readonly targetId: string;
  /** `ok`, or the error code of a refusal. */
  readonly result: string;
  /** Names of what was changed and the like: words, no values that could be secret. */
  readonly details: string;
  /** SHA-256 over the hash of the record before it and all of this one: src/core/audit.ts. */
  readonly hash: Digest;
}
