/** Lists, a page at a time: each is one statement that begins in an index where the page does, and reads no row before it. */
import type { Database, Statement } from 'better-sqlite3';
import type { AuditRecord, Message } from '../../core/directory-model.ts';
import type { Client, Subject, Tenant } from '../../core/model.ts';
import type { FamilyListing, Page, Store, TimePosition } from '../../core/store.ts';
import { AUDIT_COLUMNS, type AuditRow, auditRecordOf } from '../rows/audit-rows.ts';
import {
  CLIENT_COLUMNS,
  type ClientRow,
  clientOf,
  TENANT_COLUMNS,
  type TenantRow,
  tenantOf,
} from '../rows/directory-rows.ts';
import { familiesWithTokens, familyListingsOf, startOf } from '../rows/listings.ts';
import { MESSAGE_COLUMNS, type MessageRow, messageOf } from '../rows/person-rows.ts';
import { SUBJECT_COLUMNS, type SubjectRow, subjectOf } from '../rows/subject-rows.ts';

export const LISTS = {
  tenants: `SELECT ${TENANT_COLUMNS} FROM tenant WHERE tenant_id > ? ORDER BY tenant_id LIMIT ?`,
  clients: `SELECT ${CLIENT_COLUMNS} FROM client WHERE tenant_id = ? AND client_id > ? ORDER BY client_id LIMIT ?`,
  subjects: `SELECT ${SUBJECT_COLUMNS} FROM subject
    WHERE tenant_id = ? AND kind = ? AND (create_time, subject_id) > (?, ?) ORDER BY create_time, subject_id LIMIT ?`,
  families: familiesWithTokens(
    `WHERE tenant_id = ? AND subject_id = ? AND (issue_time, family_id) > (?, ?) AND subject_kind = ?
      AND revoked_revision IS NULL AND expire_time > ? AND issue_revision >= ? ORDER BY issue_time, family_id LIMIT ?`,
  ),
  messages: `SELECT ${MESSAGE_COLUMNS} FROM message
    WHERE tenant_id = ? AND (create_time, message_id) > (?, ?) ORDER BY create_time, message_id LIMIT ?`,
  auditRecords: `SELECT ${AUDIT_COLUMNS} FROM audit WHERE tenant_id = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
} as const;

export class Lists {
  readonly #statements;

  constructor(database: Database) {
    this.#statements = {
      tenants: database.prepare<unknown[], TenantRow>(LISTS.tenants),
      clients: database.prepare<unknown[], ClientRow>(LISTS.clients),
      subjects: database.prepare<unknown[], SubjectRow>(LISTS.subjects),
      families: database.prepare(LISTS.families).raw() as Statement<unknown[], unknown[]>,
      messages: database.prepare<unknown[], MessageRow>(LISTS.messages),
      auditRecords: database.prepare<unknown[], AuditRow>(LISTS.auditRecords),
    };
  }

  tenants({ after = '', limit }: Page<string>): Tenant[] {
    return this.#statements.tenants.all(after, limit).map(tenantOf);
  }

  clients(tenantId: string, { after = '', limit }: Page<string>): Client[] {
    return this.#statements.clients.all(tenantId, after, limit).map(clientOf);
  }

  subjects(tenantId: string, kind: Subject['kind'], page: Page<TimePosition>): Subject[] {
    return this.#statements.subjects.all(tenantId, kind, ...startOf(page), page.limit).map(subjectOf);
  }

  families(...[tenantId, of, { now, leastRevision }, page]: Parameters<Store['listFamilies']>): FamilyListing[] {
    const rows = this.#statements.families.all(
      tenantId,
      of.subjectId,
      ...startOf(page),
      of.subjectKind,
      now,
      leastRevision,
      page.limit,
    );
    return familyListingsOf(rows);
  }

  messages(tenantId: string, page: Page<TimePosition>): Message[] {
    return this.#statements.messages.all(tenantId, ...startOf(page), page.limit).map(messageOf);
  }

  auditRecords(tenantId: string, { after = 0, limit }: Page<number>): AuditRecord[] {
    return this.#statements.auditRecords.all(tenantId, after, limit).map(auditRecordOf);
  }
}
