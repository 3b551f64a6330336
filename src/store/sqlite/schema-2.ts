/** The second step of the schema: codes, messages, second factors, the audit log, and lists. */
export const STEP_2 = `
  ALTER TABLE tenant ADD COLUMN self_registration INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE tenant ADD COLUMN email_verification_required INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE tenant ADD COLUMN phone_verification_required INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE tenant ADD COLUMN expose_full_users INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE tenant ADD COLUMN verification_code_lifetime_ms INTEGER NOT NULL DEFAULT 3600000;
  ALTER TABLE tenant ADD COLUMN reset_code_lifetime_ms INTEGER NOT NULL DEFAULT 900000;
  -- The head of the tenant's audit log.
  ALTER TABLE tenant ADD COLUMN audit_sequence INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE tenant ADD COLUMN audit_hash BLOB NOT NULL
    DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000';

  ALTER TABLE subject ADD COLUMN display_name TEXT NOT NULL DEFAULT '';
  ALTER TABLE subject ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE subject ADD COLUMN owner_ids TEXT NOT NULL DEFAULT '';
  ALTER TABLE subject ADD COLUMN mfa_enabled INTEGER NOT NULL DEFAULT 0;

  -- What is listed, each in the order of its list.
  CREATE INDEX client_by_tenant ON client (tenant_id, client_id);
  CREATE INDEX subject_by_time ON subject (tenant_id, kind, create_time, subject_id);
  CREATE INDEX family_by_subject ON family (tenant_id, subject_id, issue_time, family_id);
  -- Finds the tokens of a family too: they are kept until it expires. So no token costs an index more than before.
  CREATE INDEX token_by_family ON token (keep_until, family_id);
  DROP INDEX token_by_keeping;

  CREATE TABLE code (
    subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    address TEXT NOT NULL,
    attempts_left INTEGER NOT NULL,
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
  CREATE INDEX message_by_due ON message (next_attempt_time, message_id) WHERE state = 'pending';
  CREATE INDEX message_by_subject ON message (subject_id) WHERE state = 'pending';
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

  CREATE TABLE mfa_challenge (
    digest BLOB PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    refresh_client_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    token_expire_time INTEGER,
    issue_revision INTEGER NOT NULL,
    expire_time INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX mfa_challenge_by_expiry ON mfa_challenge (expire_time);

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

  -- One row at most: of the key under which codes and second factors are sealed.
  CREATE TABLE server_key (id INTEGER PRIMARY KEY CHECK (id = 1), fingerprint BLOB NOT NULL) STRICT;
  `;
