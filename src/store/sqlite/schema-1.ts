/** The first step of the schema: the tables of src/core/tables, column by column, and what SQLite needs beside them. */
export const STEP_1 = `
  CREATE TABLE tenant (
    tenant_id TEXT PRIMARY KEY,
    display_name TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    policy TEXT NOT NULL,
    revision INTEGER NOT NULL,
    cutoff INTEGER NOT NULL,
    create_time INTEGER NOT NULL,
    audit_sequence INTEGER NOT NULL,
    audit_hash BLOB NOT NULL,
    client_version INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE client (
    client_id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant,
    display_name TEXT NOT NULL,
    confidential INTEGER NOT NULL,
    roles TEXT NOT NULL,
    scopes TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    cutoff INTEGER NOT NULL,
    create_time INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX client_by_tenant ON client (tenant_id, client_id);

  CREATE TABLE client_secret (
    client_id TEXT NOT NULL REFERENCES client ON DELETE CASCADE,
    secret_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    expire_time INTEGER,
    PRIMARY KEY (client_id, secret_id)
  ) STRICT, WITHOUT ROWID;

  -- Users and devices.
  CREATE TABLE subject (
    subject_id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant,
    kind TEXT NOT NULL CHECK (kind IN ('user', 'device')),
    password_hash TEXT,
    disabled INTEGER NOT NULL,
    disabled_by_owner INTEGER NOT NULL,
    cutoff INTEGER NOT NULL,
    create_time INTEGER NOT NULL,
    login_name TEXT,
    email TEXT,
    email_verified INTEGER NOT NULL,
    pending_email TEXT,
    phone TEXT,
    phone_verified INTEGER NOT NULL,
    pending_phone TEXT,
    vendor_id TEXT,
    display_name TEXT NOT NULL,
    attributes TEXT NOT NULL,
    owner_ids TEXT NOT NULL,
    mfa_enabled INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX subject_by_time ON subject (tenant_id, kind, create_time, subject_id);

  -- The names that a subject can log in by; only verified addresses are here.
  CREATE TABLE handle (
    tenant_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
    PRIMARY KEY (tenant_id, kind, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX handle_by_subject ON handle (subject_id);

  -- A device that hangs on a gateway, another device.
  CREATE TABLE end_node (
    subject_id TEXT PRIMARY KEY REFERENCES subject ON DELETE CASCADE,
    tenant_id TEXT NOT NULL,
    gateway_id TEXT NOT NULL,
    by_admin INTEGER NOT NULL,
    attach_time INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX end_node_by_gateway ON end_node (tenant_id, gateway_id, subject_id);

  -- The family is of the gateway.
  CREATE TABLE end_node_login (
    family_id BLOB NOT NULL,
    subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
    expire_time INTEGER,
    PRIMARY KEY (family_id, subject_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX end_node_login_by_subject ON end_node_login (subject_id);
  CREATE INDEX end_node_login_by_expiry ON end_node_login (expire_time);

  -- No foreign keys: a family outlives its client or subject, and is dead then.
  CREATE TABLE family (
    family_id BLOB PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    refresh_client_id TEXT,
    subject_id TEXT NOT NULL,
    kind INTEGER NOT NULL,
    scopes TEXT NOT NULL,
    generation INTEGER NOT NULL,
    issue_revision INTEGER NOT NULL,
    issue_time INTEGER NOT NULL,
    expire_time INTEGER,
    revoked_revision INTEGER,
    audience TEXT,
    consent_id TEXT,
    key_id TEXT NOT NULL,
    access_digest BLOB NOT NULL,
    access_issue_time INTEGER NOT NULL,
    access_expire_time INTEGER NOT NULL,
    refresh_digest BLOB,
    refresh_presented BLOB,
    refresh_repeat_until INTEGER,
    refresh_box BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX family_by_expiry ON family (expire_time);
  CREATE INDEX family_by_subject ON family (tenant_id, subject_id, family_id);

  CREATE TABLE kept_answer (
    request_digest BLOB PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    box BLOB NOT NULL,
    family_id BLOB NOT NULL,
    expire_time INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX kept_answer_by_expiry ON kept_answer (expire_time);

  CREATE TABLE single_use (
    digest BLOB PRIMARY KEY,
    purpose TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    family_id BLOB,
    payload TEXT NOT NULL,
    expire_time INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX single_use_by_expiry ON single_use (expire_time);

  CREATE TABLE login_failures (
    tenant_id TEXT NOT NULL,
    key TEXT NOT NULL,
    count INTEGER NOT NULL,
    pending INTEGER NOT NULL,
    window_end_time INTEGER NOT NULL,
    lock_end_time INTEGER,
    count_time INTEGER NOT NULL,
    -- When the row means nothing any more.
    expire_time INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX login_failures_by_expiry ON login_failures (expire_time);

  CREATE TABLE revocation (
    tenant_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    cause TEXT NOT NULL,
    event_time INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX revocation_by_time ON revocation (event_time);

  CREATE TABLE code (
    subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    digest BLOB,
    address TEXT NOT NULL,
    expire_time INTEGER NOT NULL,
    sent_count INTEGER NOT NULL,
    window_end_time INTEGER NOT NULL,
    -- When it has expired and does not count any more.
    keep_until INTEGER NOT NULL,
    PRIMARY KEY (subject_id, purpose)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX code_by_keeping ON code (keep_until);

  -- No foreign key: a message that was sent outlives its subject.
  CREATE TABLE message (
    message_id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    address TEXT NOT NULL,
    sealed BLOB,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    next_attempt_time INTEGER NOT NULL,
    last_error TEXT,
    create_time INTEGER NOT NULL,
    expire_time INTEGER NOT NULL,
    keep_until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- Not partial ones: whether a parameter fits them, SQLite finds out by preparing the statement anew each time.
  CREATE INDEX message_by_due ON message (state, next_attempt_time, message_id);
  CREATE INDEX message_by_subject ON message (subject_id, state);
  CREATE INDEX message_by_time ON message (tenant_id, create_time, message_id);
  CREATE INDEX message_by_keeping ON message (keep_until);

  CREATE TABLE totp (
    subject_id TEXT PRIMARY KEY REFERENCES subject ON DELETE CASCADE,
    tenant_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    active INTEGER NOT NULL,
    last_step INTEGER NOT NULL,
    -- 32 bytes each, one after the other.
    recovery_digests BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE audit (
    tenant_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    event_time INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_token_id TEXT,
    actor_address TEXT,
    actor_request_id TEXT,
    action TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    result TEXT NOT NULL,
    details TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (tenant_id, sequence)
  ) STRICT, WITHOUT ROWID;

  -- One row at most: of the key that all servers of the store share.
  CREATE TABLE server_key (id INTEGER PRIMARY KEY CHECK (id = 1), fingerprint BLOB NOT NULL) STRICT;

  -- One row at most: how far the purge has come.
  CREATE TABLE purge_horizon (id INTEGER PRIMARY KEY CHECK (id = 1), horizon INTEGER NOT NULL) STRICT;

  CREATE TABLE tag_key (
    key_id TEXT PRIMARY KEY,
    box BLOB NOT NULL,
    state TEXT NOT NULL,
    since INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- One row, written to find out whether the store can be written.
  CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), probe_time INTEGER NOT NULL) STRICT;
  INSERT INTO probe VALUES (1, 0);
  `;
