/** The rows of users and devices, and the words of the core that they stand for. */
import type { Subject } from '../../core/model.ts';
import { columnsOf, type Flag, textOf, wordsOf } from './columns.ts';

export interface SubjectRow {
  subject_id: string;
  tenant_id: string;
  kind: 'user' | 'device';
  password_hash: string | null;
  disabled: Flag;
  cutoff: number;
  create_time: number;
  login_name: string | null;
  email: string | null;
  email_verified: Flag;
  phone: string | null;
  phone_verified: Flag;
  vendor_id: string | null;
  display_name: string;
  attributes: string;
  owner_ids: string;
  mfa_enabled: Flag;
}

export const SUBJECT_COLUMNS = `subject_id, tenant_id, kind, password_hash, disabled, cutoff, create_time, login_name, email,
  email_verified, phone, phone_verified, vendor_id, display_name, attributes, owner_ids, mfa_enabled`;

/** What an update of a subject may change. */
export const SUBJECT_SETTINGS = columnsOf(
  'login_name, email, email_verified, phone, phone_verified, vendor_id, display_name, attributes, owner_ids, mfa_enabled',
);

export function subjectOf(row: SubjectRow): Subject {
  return {
    subjectId: row.subject_id,
    tenantId: row.tenant_id,
    kind: row.kind,
    passwordHash: row.password_hash,
    disabled: Boolean(row.disabled),
    cutoff: row.cutoff,
    createTime: row.create_time,
    loginName: row.login_name,
    email: row.email,
    emailVerified: Boolean(row.email_verified),
    phone: row.phone,
    phoneVerified: Boolean(row.phone_verified),
    vendorId: row.vendor_id,
    displayName: row.display_name,
    attributes: row.attributes,
    ownerIds: wordsOf(row.owner_ids),
    mfaEnabled: Boolean(row.mfa_enabled),
  };
}

export function subjectRow(subject: Subject): SubjectRow {
  return {
    subject_id: subject.subjectId,
    tenant_id: subject.tenantId,
    kind: subject.kind,
    password_hash: subject.passwordHash,
    disabled: subject.disabled,
    cutoff: subject.cutoff,
    create_time: subject.createTime,
    login_name: subject.loginName,
    email: subject.email,
    email_verified: subject.emailVerified,
    phone: subject.phone,
    phone_verified: subject.phoneVerified,
    vendor_id: subject.vendorId,
    display_name: subject.displayName,
    attributes: subject.attributes,
    owner_ids: textOf(subject.ownerIds),
    mfa_enabled: subject.mfaEnabled,
  };
}
