/** Applying changes of tenants, clients, users and devices. */
import type { Principal } from '../../core/commands.ts';
import type { LoginHandle } from '../../core/handles.ts';
import type { Subject } from '../../core/model.ts';
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
import { type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';
import { type Appliers, inserter, updater } from './statements.ts';

const TABLES = { tenant: 'tenant', client: 'client', user: 'subject', device: 'subject' } as const;
const KEYS = { tenant: 'tenant_id', client: 'client_id', user: 'subject_id', device: 'subject_id' } as const;

function byPrincipal(name: string, sql: (table: string, key: string) => string) {
  return ({ kind }: Principal): Statement => [`${name}_${TABLES[kind]}`, sql(TABLES[kind], KEYS[kind])];
}

const setCutoff = byPrincipal(
  'set_cutoff',
  (table, key) => `UPDATE ${table} SET cutoff = greatest(cutoff, $1) WHERE ${key} = $2`,
);
const setDisabled = byPrincipal('set_disabled', (table, key) => `UPDATE ${table} SET disabled = $1 WHERE ${key} = $2`);
const deletePrincipal = byPrincipal('delete', (table, key) => `DELETE FROM ${table} WHERE ${key} = $1`);

const insertTenant = inserter('tenant', columnsOf(TENANT_COLUMNS));
const updateTenant = updater('tenant', 'tenant_id', TENANT_SETTINGS);
const insertClient = inserter('client', columnsOf(CLIENT_COLUMNS));
const updateClient = updater('client', 'client_id', CLIENT_SETTINGS);
const insertSecret = inserter('client_secret', columnsOf(CLIENT_SECRET_COLUMNS));
const insertSubject = inserter('subject', columnsOf(SUBJECT_COLUMNS));
const updateSubject = updater('subject', 'subject_id', SUBJECT_SETTINGS);
const insertHandle = inserter('handle', ['tenant_id', 'kind', 'key', 'subject_id']);

const STATEMENTS = {
  deleteHandle: [
    'delete_handle',
    'DELETE FROM handle WHERE tenant_id = $1 AND kind = $2 AND key = $3 AND subject_id = $4',
  ],
  deletePendingMessages: ['delete_pending_messages', `DELETE FROM message WHERE subject_id = $1 AND state = 'pending'`],
  expireSecrets: [
    'expire_client_secrets',
    'UPDATE client_secret SET expire_time = least(expire_time, $3) WHERE client_id = $1 AND secret_id <> $2',
  ],
  expireSecret: [
    'expire_client_secret',
    'UPDATE client_secret SET expire_time = $3 WHERE client_id = $1 AND secret_id = $2',
  ],
  setPasswordHash: ['set_password_hash', 'UPDATE subject SET password_hash = $2 WHERE subject_id = $1'],
} satisfies Record<string, Statement>;

export const DIRECTORY_APPLIERS = {
  insert_tenant: (session, { tenant }) => insertTenant(session, tenantRow(tenant)),
  update_tenant: (session, { tenant }) => updateTenant(session, tenantRow(tenant)),
  insert_client: (session, { client }) => insertClient(session, clientRow(client)),
  update_client: (session, { client }) => updateClient(session, clientRow(client)),
  insert_client_secret: (session, { secret }) => insertSecret(session, clientSecretRow(secret)),
  expire_client_secrets: (session, { clientId, exceptSecretId, expireTime }) =>
    session.query(STATEMENTS.expireSecrets, [clientId, exceptSecretId, expireTime]),
  expire_client_secret: (session, { clientId, secretId, expireTime }) =>
    session.query(STATEMENTS.expireSecret, [clientId, secretId, expireTime]),
  insert_subject: (session, { subject, handles }) =>
    together([insertSubject(session, subjectRow(subject)), ...gain(session, subject, handles)]),
  update_subject: (session, { subject, lostHandles, gainedHandles }) =>
    together([
      updateSubject(session, subjectRow(subject)),
      ...lostHandles.map(({ kind, key }) =>
        session.query(STATEMENTS.deleteHandle, [subject.tenantId, kind, key, subject.subjectId]),
      ),
      ...gain(session, subject, gainedHandles),
    ]),
  set_password_hash: (session, { subjectId, passwordHash }) =>
    session.query(STATEMENTS.setPasswordHash, [subjectId, passwordHash]),
  set_cutoff: (session, { principal, cutoff }) => session.query(setCutoff(principal), [cutoff, principal.id]),
  set_disabled: (session, { principal, disabled }) => session.query(setDisabled(principal), [disabled, principal.id]),
  delete_principal: (session, { principal }) =>
    together([
      session.query(deletePrincipal(principal), [principal.id]),
      ...(TABLES[principal.kind] === 'subject'
        ? [session.query(STATEMENTS.deletePendingMessages, [principal.id])]
        : []),
    ]),
} satisfies Partial<Appliers>;

function gain(
  session: Session,
  { tenantId, subjectId }: Pick<Subject, 'tenantId' | 'subjectId'>,
  handles: readonly LoginHandle[],
): Promise<unknown>[] {
  return handles.map(({ kind, key }) =>
    insertHandle(session, { tenant_id: tenantId, kind, key, subject_id: subjectId }),
  );
}
