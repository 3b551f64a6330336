/** Writes to the directory as plain data: tenants, clients, users, devices, and what is kept beside them. */
import type { FailureCounter, Issue, SecondFactor } from './commands.ts';
import type { Channel, CodePurpose, MessageState } from './directory-model.ts';
import type {
  Client,
  ClientRole,
  ClientSecret,
  Digest,
  Instant,
  JsonText,
  Subject,
  SubjectProfile,
  TenantPolicy,
} from './model.ts';

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

/** Tokens that a new subject gets in the same transaction. */
export interface FirstTokens extends Pick<Issue, 'clientId' | 'refreshClientId' | 'scopes' | 'familyId' | 'tokens'> {
  readonly expireTime?: Instant;
}

/** A code that is to be sent; which address it goes to and how long it lives is decided in the transaction. */
export interface NewCode {
  readonly purpose: CodePurpose;
  readonly channel: Channel;
  readonly digest: Digest;
  readonly messageId: string;
  readonly sealed: Uint8Array;
}

export interface CreateSubject {
  readonly kind: 'create_subject';
  readonly subject: Pick<Subject, 'subjectId' | 'tenantId' | 'kind' | 'passwordHash'> &
    Omit<SubjectProfile, 'displayName' | 'attributes' | 'ownerIds'> &
    Partial<Pick<SubjectProfile, 'displayName' | 'attributes' | 'ownerIds'>>;
  readonly issue?: FirstTokens;
  /** For addresses that have to be verified; those of others are not sent. */
  readonly codes?: readonly NewCode[];
}

/** Changes what is given of a tenant; what is absent stays as it is. */
export interface UpdateTenant {
  readonly kind: 'update_tenant';
  readonly tenantId: string;
  readonly displayName?: string;
  readonly policy?: Partial<TenantPolicy>;
}

/** Changes what is given of a client; what is absent stays as it is. */
export interface UpdateClient {
  readonly kind: 'update_client';
  readonly tenantId: string;
  readonly clientId: string;
  readonly displayName?: string;
  readonly roles?: readonly ClientRole[];
  readonly scopes?: readonly string[];
}

/** Changes what is given of a user or device; what is absent stays as it is. */
export interface UpdateSubject {
  readonly kind: 'update_subject';
  readonly tenantId: string;
  readonly subjectKind: Subject['kind'];
  readonly subjectId: string;
  readonly set: Partial<SubjectProfile>;
  /** Members that are set in the attributes, or removed by null; those that it does not name stay. */
  readonly attributesPatch?: JsonText;
  /** Owners of a device that are added or removed. */
  readonly addOwnerId?: string;
  readonly removeOwnerId?: string;
  /** The subject's own addresses that are marked as verified, as they were seen; refused when they were changed meanwhile. */
  readonly seen?: Partial<Pick<Subject, 'email' | 'phone'>>;
  /** The first password of a pseudo user; refused when it has one. */
  readonly firstPasswordHash?: string;
  /** For addresses that have to be verified. */
  readonly codes?: readonly NewCode[];
}

/** A new password, which ends every token of the subject. */
export interface ChangePassword {
  readonly kind: 'change_password';
  readonly tenantId: string;
  readonly subjectId: string;
  /** What the old password was checked against; absent for an admin, who needs none. */
  readonly oldHash?: string;
  /** Of those who prove themselves by the old password. */
  readonly counters?: readonly FailureCounter[];
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

/** Ends one secret of a client, at once or later. */
export interface ExpireClientSecret {
  readonly kind: 'expire_client_secret';
  readonly tenantId: string;
  readonly clientId: string;
  readonly secretId: string;
  readonly expireTime: Instant;
}

/** Sends a code to the address of a subject that it proves, or by which the password is reset. */
export interface SendCode {
  readonly kind: 'send_code';
  readonly tenantId: string;
  readonly subjectId: string;
  readonly code: NewCode;
  /** Where it goes, as the subject has it. */
  readonly address: string;
}

/** Takes a code: verifies the address that it was sent to, or sets a new password. */
export interface RedeemCode {
  readonly kind: 'redeem_code';
  readonly tenantId: string;
  readonly subjectId: string;
  readonly purpose: CodePurpose;
  readonly digest: Digest;
  /** The address that is to be verified, as the subject has it. */
  readonly address?: string;
  /** The new password, when that is reset. */
  readonly newHash?: string;
}

/** Keeps a shared secret that asks nothing of a login until it is confirmed. */
export interface EnrolTotp {
  readonly kind: 'enrol_totp';
  readonly tenantId: string;
  readonly subjectId: string;
  readonly sealed: Uint8Array;
  /** What the user's password was checked against; absent for an admin, who needs none. */
  readonly oldHash?: string;
  readonly counters?: readonly FailureCounter[];
}

/** Turns the second factor on. `sealed` is what the code was checked against. */
export interface ConfirmTotp {
  readonly kind: 'confirm_totp';
  readonly tenantId: string;
  readonly subjectId: string;
  readonly sealed: Uint8Array;
  readonly step: number;
  readonly recoveryDigests: readonly Digest[];
  readonly counters: readonly FailureCounter[];
}

/** Turns the second factor off. */
export interface RemoveTotp {
  readonly kind: 'remove_totp';
  readonly tenantId: string;
  readonly subjectId: string;
  /** What the user proved itself by, as it was checked; absent for an admin, who needs none, and of one that is not confirmed. */
  readonly factor?: SecondFactor;
  /** Whether only one that asks nothing of a login yet may be removed. */
  readonly onlyUnconfirmed: boolean;
  readonly counters?: readonly FailureCounter[];
}

/** Leases messages that are due to whoever sends them. */
export interface TakeMessages {
  readonly kind: 'take_messages';
  readonly limit: number;
  /** For how long nobody else takes them. */
  readonly leaseMs: number;
}

/** What came of an attempt to send. */
export interface SettleMessage {
  readonly kind: 'settle_message';
  readonly messageId: string;
  readonly state: MessageState;
  readonly attempts: number;
  readonly nextAttemptTime: Instant;
  readonly lastError: string | null;
}

export type DirectoryCommand =
  | CreateTenant
  | UpdateTenant
  | CreateClient
  | UpdateClient
  | AddClientSecret
  | ExpireClientSecret
  | CreateSubject
  | UpdateSubject
  | ChangePassword
  | SendCode
  | RedeemCode
  | EnrolTotp
  | ConfirmTotp
  | RemoveTotp
  | TakeMessages
  | SettleMessage;
