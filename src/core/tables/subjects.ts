import type { Instant, JsonText } from '../model.ts';
import { flag, integer, type List, table, text, words } from '../table.ts';

/** A user or a device: the two that can log in. */
export interface Subject {
  readonly subjectId: string;
  readonly tenantId: string;
  readonly kind: 'user' | 'device';
  /** argon2id in PHC form; null when the subject has no password. */
  readonly passwordHash: string | null;
  readonly disabled: boolean;
  /** Devices only: whether an owner disabled it, so that an owner may enable it. What an admin disabled, an admin enables. */
  readonly disabledByOwner: boolean;
  readonly cutoff: number;
  readonly createTime: Instant;
  /** Users only. */
  readonly loginName: string | null;
  readonly email: string | null;
  readonly emailVerified: boolean;
  /** What takes the place of a proven address once it is proven itself. */
  readonly pendingEmail: string | null;
  /** E.164, with the leading `+`. */
  readonly phone: string | null;
  readonly phoneVerified: boolean;
  readonly pendingPhone: string | null;
  /** Devices only: the id that the vendor gave it. */
  readonly vendorId: string | null;
  /** What people call it; may be empty. */
  readonly displayName: string;
  /** What the applications keep beside it: a JSON object, at most 64 KiB. */
  readonly attributes: JsonText;
  /** Devices only: ids of the users that own it. */
  readonly ownerIds: readonly string[];
  /** Users only: whether a login needs a second factor. */
  readonly mfaEnabled: boolean;
}

/** What its owner and admins set of a subject. */
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

export const SUBJECT = table<Subject>(
  'subject',
  {
    subjectId: text(),
    tenantId: text(),
    kind: text<Subject['kind']>(),
    passwordHash: text<string | null>(),
    disabled: flag,
    disabledByOwner: flag,
    cutoff: integer(),
    createTime: integer(),
    loginName: text<string | null>(),
    email: text<string | null>(),
    emailVerified: flag,
    pendingEmail: text<string | null>(),
    phone: text<string | null>(),
    phoneVerified: flag,
    pendingPhone: text<string | null>(),
    vendorId: text<string | null>(),
    displayName: text(),
    attributes: text(),
    ownerIds: words(),
    mfaEnabled: flag,
  },
  { key: ['subjectId'] },
);

export const SUBJECTS: List<Subject> = {
  table: SUBJECT,
  by: ['tenantId', 'kind'],
  order: ['createTime', 'subjectId'],
};

/** A name that a subject is looked up by. Of its addresses, only those that are verified are here. */
export interface Handle {
  readonly tenantId: string;
  readonly kind: 'login_name' | 'email' | 'phone' | 'vendor_id';
  /** Folded, so that equal names are equal texts. */
  readonly key: string;
  readonly subjectId: string;
}

export const HANDLE = table<Handle>(
  'handle',
  { tenantId: text(), kind: text<Handle['kind']>(), key: text(), subjectId: text() },
  { key: ['tenantId', 'kind', 'key'], diesWith: ['subjectId'] },
);
