/** Every write as plain data: it can be queued, batched into one commit, sent to another thread or node, and retried. */
import type { Refusal } from './errors.ts';
import type {
  Client,
  ClientSecret,
  Digest,
  Instant,
  IssueRecord,
  RevocationCause,
  Subject,
  SubjectKind,
  Tenant,
  TenantPolicy,
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
  /** `name` follows the tenant's policy and answers "locked"; `address` has a bound of its own and answers "overloaded". */
  readonly kind: 'name' | 'address';
}

export interface CreateTenant {
  readonly kind: 'create_tenant';
  readonly tenantId: string;
  readonly displayName: string;
  readonly policy: TenantPolicy;
  /** What the tenant's public client, which bears the tenant's id, may ask for. */
  readonly publicScopes: readonly string[];
}

export interface CreateClient {
  readonly kind: 'create_client';
  readonly client: Pick<Client, 'clientId' | 'tenantId' | 'displayName' | 'confidential' | 'roles' | 'scopes'>;
  readonly secret?: Omit<ClientSecret, 'clientId'>;
}

export interface CreateSubject {
  readonly kind: 'create_subject';
  readonly subject: Omit<Subject, 'disabled' | 'cutoff' | 'createTime'>;
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

/** Changes what is given of a tenant; what is absent stays as it is. */
export interface UpdateTenant {
  readonly kind: 'update_tenant';
  readonly tenantId: string;
  readonly displayName?: string;
  readonly policy?: Partial<TenantPolicy>;
}

/** A new password, which ends every token of the subject. */
export interface ChangePassword {
  readonly kind: 'change_password';
  readonly tenantId: string;
  readonly subjectId: string;
  /** What the old password was checked against; absent for an admin, who needs none. */
  readonly oldHash?: string;
  readonly newHash: string;
}

/** Another secret of a confidential client, beside the others or in their place. */
export interface AddClientSecret {
  readonly kind: 'add_client_secret';
  readonly tenantId: string;
  readonly clientId: string;
  readonly secret: Omit<ClientSecret, 'clientId'>;
  /** When the client's other secrets end at the latest; absent: they stay as they are. */
  readonly othersExpireTime?: Instant;
  /** Whether every token of the client ends too, as after a leak. */
  readonly endTokens: boolean;
}

/** A password proved right whose hash is weaker than what is now asked for. */
export interface Rehash {
  readonly kind: 'rehash';
  readonly tenantId: string;
  readonly subjectId: string;
  readonly oldHash: string;
  readonly newHash: string;
}

export type Command =
  | CreateTenant
  | CreateClient
  | CreateSubject
  | Issue
  | FailLogin
  | Refresh
  | Confirm
  | Revoke
  | CutOff
  | Enable
  | UpdateTenant
  | ChangePassword
  | AddClientSecret
  | Rehash;

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
  /** The same request was answered before; `sealed` holds what it got. */
  | { readonly repeated: IssuedRecord; readonly sealed: Uint8Array };

export type RefreshAnswer = IssueAnswer;

export interface RevokeAnswer {
  readonly revision: number;
  /** Whether this command ended something; false for what was unknown or revoked before. */
  readonly revoked: boolean;
}

/** What each command is answered with when it is not refused. */
export interface Answers {
  create_tenant: Record<never, never>;
  create_client: Record<never, never>;
  create_subject: Record<never, never>;
  issue: IssueAnswer;
  fail_login: Record<never, never>;
  refresh: RefreshAnswer;
  confirm: Record<never, never>;
  revoke: RevokeAnswer;
  cut_off: RevokeAnswer;
  enable: Record<never, never>;
  update_tenant: { readonly tenant: Tenant };
  change_password: RevokeAnswer;
  /** The revision, whether or not tokens were ended. */
  add_client_secret: RevokeAnswer;
  rehash: Record<never, never>;
}

export type Outcome<C extends Command> = { readonly answer: Answers[C['kind']] } | { readonly refusal: Refusal };
