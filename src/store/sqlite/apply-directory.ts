/** Applying changes of tenants, clients, users and devices. */
import type { Database, Statement } from 'better-sqlite3';
import type { Principal } from '../../core/commands.ts';
import { columnsOf } from '../rows/columns.ts';
import {
  CLIENT_COLUMNS,
  CLIENT_SECRET_COLUMNS,
  CLIENT_SETTINGS,
  clientRow,
  clientSecretRow,
  TENANT_COLUMNS,
  TENANT_SETTINGS,
  tenantRow,
} from '../rows/directory-rows.ts';
import { SUBJECT_COLUMNS, SUBJECT_SETTINGS, subjectRow } from '../rows/subject-rows.ts';
import { type Appliers, prepareInsert, prepareUpdate } from './statements.ts';

const TABLES = { tenant: 'tenant', client: 'client', user: 'subject', device: 'subject' } as const;
const KEYS = { tenant: 'tenant_id', client: 'client_id', user: 'subject_id', device: 'subject_id' } as const;

export function prepareDirectoryAppliers(database: Database) {
  const insertTenant = prepareInsert(database, 'tenant', columnsOf(TENANT_COLUMNS));
  const updateTenant = prepareUpdate(database, 'tenant', 'tenant_id', TENANT_SETTINGS);
  const insertClient = prepareInsert(database, 'client', columnsOf(CLIENT_COLUMNS));
  const updateClient = prepareUpdate(database, 'client', 'client_id', CLIENT_SETTINGS);
  const insertSecret = prepareInsert(database, 'client_secret', columnsOf(CLIENT_SECRET_COLUMNS));
  const insertSubject = prepareInsert(database, 'subject', columnsOf(SUBJECT_COLUMNS));
  const updateSubject = prepareUpdate(database, 'subject', 'subject_id', SUBJECT_SETTINGS);
  const insertHandle = prepareInsert(database, 'handle', ['tenant_id', 'kind', 'key', 'subject_id']);
  const deleteHandle = database.prepare(
    'DELETE FROM handle WHERE tenant_id = ? AND kind = ? AND key = ? AND subject_id = ?',
  );
  const deletePendingMessages = database.prepare(`DELETE FROM message WHERE subject_id = ? AND state = 'pending'`);
  const expireSecrets = database.prepare(
    `UPDATE client_secret SET expire_time = min(ifnull(expire_time, @expireTime), @expireTime)
    WHERE client_id = @clientId AND secret_id <> @exceptSecretId`,
  );
  const expireSecret = database.prepare(
    'UPDATE client_secret SET expire_time = @expireTime WHERE client_id = @clientId AND secret_id = @secretId',
  );
  const setPasswordHash = database.prepare('UPDATE subject SET password_hash = ? WHERE subject_id = ?');
  const setCutoff = byPrincipal(
    database,
    (table, key) => `UPDATE ${table} SET cutoff = max(cutoff, ?) WHERE ${key} = ?`,
  );
  const setDisabled = byPrincipal(database, (table, key) => `UPDATE ${table} SET disabled = ? WHERE ${key} = ?`);
  const deletePrincipal = byPrincipal(database, (table, key) => `DELETE FROM ${table} WHERE ${key} = ?`);

  return {
    insert_tenant: ({ tenant }) => insertTenant(tenantRow(tenant)),
    update_tenant: ({ tenant }) => updateTenant(tenantRow(tenant)),
    insert_client: ({ client }) => insertClient(clientRow(client)),
    update_client: ({ client }) => updateClient(clientRow(client)),
    insert_client_secret: ({ secret }) => insertSecret(clientSecretRow(secret)),
    expire_client_secrets: (change) => expireSecrets.run(change),
    expire_client_secret: (change) => expireSecret.run(change),
    insert_subject: ({ subject, handles }) => {
      insertSubject(subjectRow(subject));
      for (const { kind, key } of handles) {
        insertHandle({ tenant_id: subject.tenantId, kind, key, subject_id: subject.subjectId });
      }
    },
    update_subject: ({ subject, lostHandles, gainedHandles }) => {
      updateSubject(subjectRow(subject));
      for (const { kind, key } of lostHandles) {
        deleteHandle.run(subject.tenantId, kind, key, subject.subjectId);
      }
      for (const { kind, key } of gainedHandles) {
        insertHandle({ tenant_id: subject.tenantId, kind, key, subject_id: subject.subjectId });
      }
    },
    set_password_hash: ({ subjectId, passwordHash }) => setPasswordHash.run(passwordHash, subjectId),
    set_cutoff: ({ principal, cutoff }) => setCutoff[principal.kind].run(cutoff, principal.id),
    set_disabled: ({ principal, disabled }) => setDisabled[principal.kind].run(Number(disabled), principal.id),
    delete_principal: ({ principal }) => {
      deletePrincipal[principal.kind].run(principal.id);
      if (TABLES[principal.kind] === 'subject') {
        deletePendingMessages.run(principal.id);
      }
    },
  } satisfies Partial<Appliers>;
}

function byPrincipal(
  database: Database,
  sql: (table: string, key: string) => string,
): Record<Principal['kind'], Statement> {
  const prepare = (kind: Principal['kind']) => database.prepare(sql(TABLES[kind], KEYS[kind]));
  return { tenant: prepare('tenant'), client: prepare('client'), user: prepare('user'), device: prepare('device') };
}
