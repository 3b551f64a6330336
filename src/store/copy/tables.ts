/** What a copy copies: every table that holds rows of the port, in an order in which no row names one that is not there yet. */

/** `flag` is BOOLEAN in PostgreSQL, and 0 or 1 in SQLite; `bytes` BYTEA and BLOB; `integer` BIGINT and INTEGER. */
export type ColumnKind = 'text' | 'integer' | 'flag' | 'bytes';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Where the columns of the primary key are in `columns`. Both engines order rows by it, byte for byte. */
  readonly key: readonly number[];
}

function table(name: string, key: readonly string[], kinds: Readonly<Record<string, ColumnKind>>): Table {
  const columns = Object.entries(kinds).map(([column, kind]) => ({ name: column, kind }));
  return { name, columns, key: key.map((each) => columns.findIndex((column) => column.name === each)) };
}

/** Triggers of both engines count it up as secrets are written, so it is put right after them. */
export const VERSION_COLUMN = 'client_version';

export const TENANT = table('tenant', ['tenant_id'], {
  tenant_id: 'text',
  display_name: 'text',
  disabled: 'flag',
  default_token_lifetime_ms: 'integer',
  longest_token_lifetime_ms: 'integer',
  refresh_enabled: 'flag',
  refresh_lifetime_ms: 'integer',
  refresh_repeat_window_ms: 'integer',
  login_attempts: 'integer',
  login_window_ms: 'integer',
  login_lock_period_ms: 'integer',
  revision: 'integer',
  cutoff: 'integer',
  create_time: 'integer',
  [VERSION_COLUMN]: 'integer',
});

export const TABLES: readonly Table[] = [
  TENANT,
  table('client', ['client_id'], {
    client_id: 'text',
    tenant_id: 'text',
    display_name: 'text',
    confidential: 'flag',
    roles: 'text',
    scopes: 'text',
    disabled: 'flag',
    cutoff: 'integer',
    create_time: 'integer',
  }),
  table('client_secret', ['client_id', 'secret_id'], {
    client_id: 'text',
    secret_id: 'text',
    digest: 'bytes',
    expire_time: 'integer',
  }),
  table('subject', ['subject_id'], {
    subject_id: 'text',
    tenant_id: 'text',
    kind: 'text',
    password_hash: 'text',
    disabled: 'flag',
    cutoff: 'integer',
    create_time: 'integer',
    login_name: 'text',
    email: 'text',
    email_verified: 'flag',
    phone: 'text',
    phone_verified: 'flag',
    vendor_id: 'text',
  }),
  table('handle', ['tenant_id', 'kind', 'key'], { tenant_id: 'text', kind: 'text', key: 'text', subject_id: 'text' }),
  table('family', ['family_id'], {
    family_id: 'text',
    tenant_id: 'text',
    client_id: 'text',
    refresh_client_id: 'text',
    subject_kind: 'text',
    subject_id: 'text',
    kind: 'text',
    scopes: 'text',
    generation: 'integer',
    issue_revision: 'integer',
    issue_time: 'integer',
    expire_time: 'integer',
    revoked_revision: 'integer',
    last_sealed: 'bytes',
    last_repeat_until: 'integer',
    last_token_id: 'text',
    last_issue_time: 'integer',
    last_expire_time: 'integer',
  }),
  table('token', ['digest'], {
    digest: 'bytes',
    token_id: 'text',
    family_id: 'text',
    generation: 'integer',
    is_refresh: 'flag',
    issue_time: 'integer',
    expire_time: 'integer',
    keep_until: 'integer',
  }),
  table('issue_record', ['request_digest'], {
    request_digest: 'bytes',
    fingerprint: 'bytes',
    sealed: 'bytes',
    expire_time: 'integer',
    family_id: 'text',
    access_token_id: 'text',
    access_issue_time: 'integer',
    access_expire_time: 'integer',
    refresh_expire_time: 'integer',
    subject_id: 'text',
    kind: 'text',
  }),
  table('login_failures', ['tenant_id', 'key'], {
    tenant_id: 'text',
    key: 'text',
    count: 'integer',
    window_end_time: 'integer',
    lock_end_time: 'integer',
    expire_time: 'integer',
  }),
  table('revocation', ['tenant_id', 'revision'], {
    tenant_id: 'text',
    revision: 'integer',
    scope: 'text',
    key: 'text',
    cause: 'text',
    event_time: 'integer',
  }),
];

/** As SQL lists them. */
export function namesOf({ columns }: Table): string {
  return columns.map(({ name }) => name).join(', ');
}

export function keysOf({ columns, key }: Table): string {
  return key.map((column) => columns[column]?.name).join(', ');
}
