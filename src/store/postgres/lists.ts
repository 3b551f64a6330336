/** Lists, a page at a time: each is one statement that begins in an index where the page does, and reads no row before it. */
import type { AuditRecord, Message } from '../../core/directory-model.ts';
import type { Client, Subject, Tenant } from '../../core/model.ts';
import type { FamilyListing, Page, Store, TimePosition } from '../../core/store.ts';
import { AUDIT_COLUMNS, auditRecordOf } from '../rows/audit-rows.ts';
import { columnsOf, rowOf } from '../rows/columns.ts';
import { CLIENT_COLUMNS, clientOf, TENANT_COLUMNS, tenantOf } from '../rows/directory-rows.ts';
import { familiesWithTokens, familyListingsOf, startOf } from '../rows/listings.ts';
import { MESSAGE_COLUMNS, messageOf } from '../rows/person-rows.ts';
import { SUBJECT_COLUMNS, subjectOf } from '../rows/subject-rows.ts';
import type { Statement } from './batch.ts';
import type { Session } from './connections.ts';

const TENANT = columnsOf(TENANT_COLUMNS);
const CLIENT = columnsOf(CLIENT_COLUMNS);
const SUBJECT = columnsOf(SUBJECT_COLUMNS);
const MESSAGE = columnsOf(MESSAGE_COLUMNS);
const AUDIT = columnsOf(AUDIT_COLUMNS);

export const LISTS = {
  tenants: ['list_tenants', `SELECT ${TENANT_COLUMNS} FROM tenant WHERE tenant_id > $1 ORDER BY tenant_id LIMIT $2`],
  clients: [
    'list_clients',
    `SELECT ${CLIENT_COLUMNS} FROM client WHERE tenant_id = $1 AND client_id > $2 ORDER BY client_id LIMIT $3`,
  ],
  subjects: [
    'list_subjects',
    `SELECT ${SUBJECT_COLUMNS} FROM subject
      WHERE tenant_id = $1 AND kind = $2 AND (create_time, subject_id) > ($3, $4) ORDER BY create_time, subject_id LIMIT $5`,
  ],
  families: [
    'list_families',
    familiesWithTokens(
      `WHERE tenant_id = $1 AND subject_id = $2 AND (issue_time, family_id) > ($3, $4) AND subject_kind = $5
        AND revoked_revision IS NULL AND expire_time > $6 AND issue_revision >= $7 ORDER BY issue_time, family_id LIMIT $8`,
    ),
  ],
  messages: [
    'list_messages',
    `SELECT ${MESSAGE_COLUMNS} FROM message
      WHERE tenant_id = $1 AND (create_time, message_id) > ($2, $3) ORDER BY create_time, message_id LIMIT $4`,
  ],
  auditRecords: [
    'list_audit_records',
    `SELECT ${AUDIT_COLUMNS} FROM audit WHERE tenant_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`,
  ],
} as const satisfies Record<string, Statement>;

export async function listTenants(session: Session, { after = '', limit }: Page<string>): Promise<Tenant[]> {
  const { rows } = await session.query(LISTS.tenants, [after, limit]);
  return rows.map((row) => tenantOf(rowOf(TENANT, row)));
}

export async function listClients(
  session: Session,
  tenantId: string,
  { after = '', limit }: Page<string>,
): Promise<Client[]> {
  const { rows } = await session.query(LISTS.clients, [tenantId, after, limit]);
  return rows.map((row) => clientOf(rowOf(CLIENT, row)));
}

export async function listSubjects(
  session: Session,
  tenantId: string,
  kind: Subject['kind'],
  page: Page<TimePosition>,
): Promise<Subject[]> {
  const { rows } = await session.query(LISTS.subjects, [tenantId, kind, ...startOf(page), page.limit]);
  return rows.map((row) => subjectOf(rowOf(SUBJECT, row)));
}

export async function listFamilies(
  session: Session,
  ...[tenantId, of, { now, leastRevision }, page]: Parameters<Store['listFamilies']>
): Promise<FamilyListing[]> {
  const { rows } = await session.query(LISTS.families, [
    tenantId,
    of.subjectId,
    ...startOf(page),
    of.subjectKind,
    now,
    leastRevision,
    page.limit,
  ]);
  return familyListingsOf(rows);
}

export async function listMessages(session: Session, tenantId: string, page: Page<TimePosition>): Promise<Message[]> {
  const { rows } = await session.query(LISTS.messages, [tenantId, ...startOf(page), page.limit]);
  return rows.map((row) => messageOf(rowOf(MESSAGE, row)));
}

export async function listAuditRecords(
  session: Session,
  tenantId: string,
  { after = 0, limit }: Page<number>,
): Promise<AuditRecord[]> {
  const { rows } = await session.query(LISTS.auditRecords, [tenantId, after, limit]);
  return rows.map((row) => auditRecordOf(rowOf(AUDIT, row)));
}
