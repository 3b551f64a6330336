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
  self_registration: 'flag',
  email_verification_required: 'flag',
  phone_verification_required: 'flag',
  expose_full_users: 'flag',
  verification_code_lifetime_ms: 'integer',
  reset_code_lifetime_ms: 'integer',
  audit_sequence: 'integer',
  audit_hash: 'bytes',
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
    display_name: 'text',
    attributes: 'text',
    owner_ids: 'text',
    mfa_enabled: 'flag',
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
  table('code', ['subject_id', 'purpose'], {
    subject_id: 'text',
    purpose: 'text',
    tenant_id: 'text',
    digest: 'bytes',
    address: 'text',
    attempts_left: 'integer',
    expire_time: 'integer',
    sent_count: 'integer',
    window_end_time: 'integer',
    keep_until: 'integer',
  }),
  table('message', ['message_id'], {
    message_id: 'text',
    tenant_id: 'text',
    subject_id: 'text',
    channel: 'text',
    purpose: 'text',
    address: 'text',
    sealed: 'bytes',
    state: 'text',
    attempts: 'integer',
    next_attempt_time: 'integer',
    last_error: 'text',
    create_time: 'integer',
    expire_time: 'integer',
    keep_until: 'integer',
  }),
  table('totp', ['subject_id'], {
    subject_id: 'text',
    tenant_id: 'text',
    sealed: 'bytes',
    active: 'flag',
    last_step: 'integer',
    recovery_digests: 'bytes',
  }),
  table('mfa_challenge', ['digest'], {
    digest: 'bytes',
    tenant_id: 'text',
    client_id: 'text',
    refresh_client_id: 'text',
    subject_id: 'text',
    scopes: 'text',
    token_expire_time: 'integer',
    issue_revision: 'integer',
    expire_time: 'integer',
  }),
  table('audit', ['tenant_id', 'sequence'], {
    tenant_id: 'text',
    sequence: 'integer',
    event_time: 'integer',
    actor_kind: 'text',
    actor_id: 'text',
    actor_token_id: 'text',
    actor_address: 'text',
    actor_request_id: 'text',
    action: 'text',
    target_kind: 'text',
    target_id: 'text',
    result: 'text',
    details: 'text',
    hash: 'bytes',
  }),
  table('server_key', ['id'], { id: 'integer', fingerprint: 'bytes' }),
];

/** As SQL lists them. */
export function namesOf({ columns }: Table): string {
  return columns.map(({ name }) => name).join(', ');
}

export function keysOf({ columns, key }: Table): string {
  return key.map((column) => columns[column]?.name).join(', ');
}
