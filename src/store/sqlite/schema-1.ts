/** The first step of the schema. It was released, and never changes. */
export const STEP_1 = `
  CREATE TABLE tenant (
    tenant_id TEXT PRIMARY KEY,
    display_name TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    default_token_lifetime_ms INTEGER NOT NULL,
    longest_token_lifetime_ms INTEGER NOT NULL,
    refresh_enabled INTEGER NOT NULL,
    refresh_lifetime_ms INTEGER NOT NULL,
    refresh_repeat_window_ms INTEGER NOT NULL,
    login_attempts INTEGER NOT NULL,
    login_window_ms INTEGER NOT NULL,
    login_lock_period_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    cutoff INTEGER NOT NULL,
    create_time INTEGER NOT NULL,
    -- Kept by the triggers below: whoever remembers a client learns from it that something changed.
    client_version INTEGER NOT NULL DEFAULT 0
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

  CREATE TABLE client_secret (
    client_id TEXT NOT NULL REFERENCES client ON DELETE CASCADE,
    secret_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    expire_time INTEGER,
    PRIMARY KEY (client_id, secret_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TRIGGER tenant_standing_changed AFTER UPDATE OF disabled ON tenant BEGIN
    UPDATE tenant SET client_version = client_version + 1 WHERE tenant_id = NEW.tenant_id;
  END;
  CREATE TRIGGER client_changed AFTER UPDATE ON client BEGIN
    UPDATE tenant SET client_version = client_version + 1 WHERE tenant_id = NEW.tenant_id;
  END;
  CREATE TRIGGER client_deleted BEFORE DELETE ON client BEGIN
    UPDATE tenant SET client_version = client_version + 1 WHERE tenant_id = OLD.tenant_id;
  END;
  CREATE TRIGGER client_secret_added AFTER INSERT ON client_secret BEGIN
    UPDATE tenant SET client_version = client_version + 1
      WHERE tenant_id = (SELECT tenant_id FROM client WHERE client_id = NEW.client_id);
  END;
  CREATE TRIGGER client_secret_changed AFTER UPDATE ON client_secret BEGIN
    UPDATE tenant SET client_version = client_version + 1
      WHERE tenant_id = (SELECT tenant_id FROM client WHERE client_id = NEW.client_id);
  END;
  CREATE TRIGGER client_secret_deleted AFTER DELETE ON client_secret BEGIN
    UPDATE tenant SET client_version = client_version + 1
      WHERE tenant_id = (SELECT tenant_id FROM client WHERE client_id = OLD.client_id);
  END;

  -- Users and devices.
  CREATE TABLE subject (
    subject_id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant,
    kind TEXT NOT NULL CHECK (kind IN ('user', 'device')),
    password_hash TEXT,
    disabled INTEGER NOT NULL,
    cutoff INTEGER NOT NULL,
    create_time INTEGER NOT NULL,
    login_name TEXT,
    email TEXT,
    email_verified INTEGER NOT NULL,
    phone TEXT,
    phone_verified INTEGER NOT NULL,
    vendor_id TEXT
  ) STRICT, WITHOUT ROWID;

  -- The names that a subject can log in by; only verified addresses are here.
  CREATE TABLE handle (
    tenant_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
    PRIMARY KEY (tenant_id, kind, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX handle_by_subject ON handle (subject_id);

  -- No foreign keys from here on: a family outlives its client or subject, and is dead then.
  CREATE TABLE family (
    family_id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    refresh_client_id TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    scopes TEXT NOT NULL,
    generation INTEGER NOT NULL,
    issue_revision INTEGER NOT NULL,
    issue_time INTEGER NOT NULL,
    expire_time INTEGER NOT NULL,
    revoked_revision INTEGER,
    last_sealed BLOB,
    last_repeat_until INTEGER,
    last_token_id TEXT,
    last_issue_time INTEGER,
    last_expire_time INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX family_by_expiry ON family (expire_time);

  CREATE TABLE token (
    digest BLOB PRIMARY KEY,
    token_id TEXT NOT NULL,
    family_id TEXT NOT NULL,
    generation INTEGER NOT NULL,
    is_refresh INTEGER NOT NULL,
    issue_time INTEGER NOT NULL,
    expire_time INTEGER NOT NULL,
    -- When its family expires: an expired token still names the login that it may revoke.
    keep_until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX token_by_id ON token (token_id);
  CREATE INDEX token_by_keeping ON token (keep_until);

  CREATE TABLE issue_record (
    request_digest BLOB PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    sealed BLOB NOT NULL,
    expire_time INTEGER NOT NULL,
    family_id TEXT NOT NULL,
    access_token_id TEXT NOT NULL,
    access_issue_time INTEGER NOT NULL,
    access_expire_time INTEGER NOT NULL,
    refresh_expire_time INTEGER,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX issue_record_by_expiry ON issue_record (expire_time);

  CREATE TABLE login_failures (
    tenant_id TEXT NOT NULL,
    key TEXT NOT NULL,
    count INTEGER NOT NULL,
    window_end_time INTEGER NOT NULL,
    lock_end_time INTEGER,
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

  -- One row, written to find out whether the store can be written.
  CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), probe_time INTEGER NOT NULL) STRICT;
  INSERT INTO probe VALUES (1, 0);
  `;
