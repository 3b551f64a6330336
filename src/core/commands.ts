/** Every write as plain data: it can be queued, batched into one commit, sent to another thread or node, and retried. */
import type { Actor } from './actor.ts';
import type { DirectoryCommand } from './directory-commands.ts';
import type { Message } from './directory-model.ts';
import type { Refusal } from './errors.ts';
import type {
  Client,
  Digest,
  Instant,
  IssueRecord,
  RevocationCause,
  Subject,
  SubjectKind,
  Tenant,
  TokenKind,
} from './model.ts';

/** Digests and ids of tokens that are about to be issued; the secrets themselves never leave the operation. */
export interface NewTokens {
  readonly accessTokenId: string;
  readonly accessDigest: Digest;
  readonly refreshTokenId: string;
  readonly refreshDigest: Digest;
}

/** What the credential was checked against. It is compared again inside the transaction, for it may have changed since. */
export type Proof =
  | { readonly by: 'password'; readonly passwordHash: string }
  | { readonly by: 'client_secret'; readonly digest: Digest }
  | { readonly by: 'name' };

/** Whose failed logins count together, and how many are too many. */
export interface FailureCounter {
  readonly key: string;
  /**
   * `name` follows the tenant's policy and answers "locked", `second_factor` has a bound of its own and does too; `address` has one
   * and answers "overloaded".
   */
  readonly kind: 'name' | 'second_factor' | 'address';
}

export interface Issue {
  readonly kind: 'issue';
  readonly tenantId: string;
  /** The client that the tokens are issued to. */
  readonly clientId: string;
  /** The caller, which alone may refresh. */
  readonly refreshClientId: string;
  readonly subjectKind: SubjectKind;
  readonly subjectId: string;
  readonly proof: Proof;
  readonly counters: readonly FailureCounter[];
  readonly scopes: readonly string[];
  readonly expireTime?: Instant;
  readonly familyId: string;
  readonly tokens: NewTokens;
  readonly request?: Pick<IssueRecord, 'requestDigest' | 'fingerprint' | 'sealed'>;
}

/** The second factor as it was checked: a one-time password of a time step, or a recovery code. */
export type SecondFactor =
  | { readonly by: 'totp'; readonly sealed: Uint8Array; readonly step: number }
  | { readonly by: 'recovery_code'; readonly digest: Digest };

/** Begins the family of a login whose password was proven before. */
export interface CompleteMfa {
  readonly kind: 'complete_mfa';
  readonly tenantId: string;
  /** As in the challenge. */
  readonly clientId: string;
  readonly subjectId: string;
  /** The caller. */
  readonly refreshClientId: string;
  readonly challengeDigest: Digest;
  readonly factor: SecondFactor;
  readonly counters: readonly FailureCounter[];
  readonly familyId: string;
  readonly tokens: NewTokens;
}

export interface FailLogin {
  readonly kind: 'fail_login';
  readonly tenantId: string;
  readonly counters: readonly FailureCounter[];
}

export interface Refresh {
  readonly kind: 'refresh';
  readonly tenantId: string;
  /** The caller. */
  readonly clientId: string;
  readonly digest: Digest;
  readonly expireTime?: Instant;
  readonly tokens: NewTokens;
  readonly sealed: Uint8Array;
}

/** The successor of a refresh was used, so its answer arrived: from now on a repeat of that refresh is theft. */
export interface Confirm {
  readonly kind: 'confirm';
  readonly familyId: string;
  readonly generation: number;
}

export type RevokeTarget =
  | { readonly by: 'token'; readonly digest: Digest }
  | { readonly by: 'token_id'; readonly tokenId: string }
  | { readonly by: 'family_id'; readonly familyId: string };

export interface Revoke {
  readonly kind: 'revoke';
  readonly tenantId: string;
  readonly target: RevokeTarget;
  /** The only client whose families may be revoked; absent for whoever may revoke any family of the tenant. */
  readonly onlyClientId?: string;
}

/** A tenant, client, user or device as the thing that a cutoff, a disabling or a deletion is about. */
export interface Principal {
  readonly kind: 'tenant' | 'client' | 'user' | 'device';
  readonly id: string;
}

/** Ends every token of a principal, and may disable or delete it. Enabling again revives nothing. */
export interface CutOff {
  readonly kind: 'cut_off';
  readonly tenantId: string;
  readonly principal: Principal;
  readonly cause: Extract<RevocationCause, 'revoked' | 'disabled' | 'deleted'>;
}

export interface Enable {
  readonly kind: 'enable';
  readonly tenantId: string;
  readonly principal: Principal;
}

/** A password proved right whose hash is weaker than what is now asked for. */
export interface Rehash {
  readonly kind: 'rehash';
  readonly tenantId: string;
  readonly subjectId: string;
  readonly oldHash: string;
  readonly newHash: string;
}

/** A user or device that acts by its access token. */
export interface Bearer {
  readonly subjectId: string;
  /** The tenant's revision when the token's family was issued; compared with cutoffs, for the token may have died meanwhile. */
  readonly issueRevision: number;
}

/** `by`: whoever makes the change, for the audit log; absent for the server itself. */
export type Command = (
  | DirectoryCommand
  | Issue
  | CompleteMfa
  | FailLogin
  | Refresh
  | Confirm
  | Revoke
  | CutOff
  | Enable
  | Rehash
) & { readonly by?: Actor; readonly bearer?: Bearer };

/** Metadata of an issued pair; the secrets are added by the operation, which alone has them. */
export interface IssuedRecord {
  readonly tokenId: string;
  readonly kind: TokenKind;
  readonly subjectId: string;
  readonly familyId: string;
  readonly scopes: readonly string[];
  readonly issueTime: Instant;
  readonly expireTime: Instant;
  readonly refreshExpireTime: Instant | null;
}

export type IssueAnswer =
  | { readonly issued: IssuedRecord }
  /** The password is right, and a second factor is needed: the access token that was asked for stands for the challenge. */
  | { readonly challenge: { readonly subjectId: string; readonly expireTime: Instant } }
  /** The same request was answered before; `sealed` holds what it got. */
  | { readonly repeated: IssuedRecord; readonly sealed: Uint8Array };

export type RefreshAnswer = Exclude<IssueAnswer, { challenge: unknown }>;

export interface RevokeAnswer {
  readonly revision: number;
  /** Whether this command ended something; false for what was unknown or revoked before. */
  readonly revoked: boolean;
}

/** What each command is answered with when it is not refused. */
export interface Answers {
  create_tenant: Record<never, never>;
  create_client: Record<never, never>;
  create_subject: {
    readonly subject: Subject;
    /** When tokens were asked for. */
    readonly issued?: IssuedRecord;
  };
  issue: IssueAnswer;
  complete_mfa: { readonly issued: IssuedRecord };
  fail_login: Record<never, never>;
  refresh: RefreshAnswer;
  confirm: Record<never, never>;
  revoke: RevokeAnswer;
  cut_off: RevokeAnswer;
  enable: Record<never, never>;
  update_tenant: { readonly tenant: Tenant };
  update_client: { readonly client: Client };
  update_subject: { readonly subject: Subject };
  change_password: RevokeAnswer;
  /** The revision, whether or not tokens were ended. */
  add_client_secret: RevokeAnswer;
  expire_client_secret: Record<never, never>;
  send_code: { readonly address: string; readonly expireTime: Instant };
  /** `revoked`: the password was reset. */
  redeem_code: RevokeAnswer;
  enrol_totp: Record<never, never>;
  confirm_totp: Record<never, never>;
  remove_totp: Record<never, never>;
  take_messages: { readonly messages: readonly Message[] };
  settle_message: Record<never, never>;
  rehash: Record<never, never>;
}

export type Outcome<C extends Command> = { readonly answer: Answers[C['kind']] } | { readonly refusal: Refusal };
