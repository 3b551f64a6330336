/** The first step of the schema. It was released, and never changes. */
export const STEP_1 = `
  CREATE TABLE tenant (
    tenant_id TEXT COLLATE "C" PRIMARY KEY,
    display_name TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    default_token_lifetime_ms BIGINT NOT NULL,
    longest_token_lifetime_ms BIGINT NOT NULL,
    refresh_enabled BOOLEAN NOT NULL,
    refresh_lifetime_ms BIGINT NOT NULL,
    refresh_repeat_window_ms BIGINT NOT NULL,
    login_attempts BIGINT NOT NULL,
    login_window_ms BIGINT NOT NULL,
    login_lock_period_ms BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    cutoff BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    -- Kept by the triggers below: whoever remembers a client learns from it that something changed.
    client_version BIGINT NOT NULL DEFAULT 0
  ) WITH (fillfactor = 50);

  CREATE TABLE client (
    client_id TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant,
    display_name TEXT NOT NULL,
    confidential BOOLEAN NOT NULL,
    roles TEXT NOT NULL,
    scopes TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    cutoff BIGINT NOT NULL,
    create_time BIGINT NOT NULL
  );

  CREATE TABLE client_secret (
    client_id TEXT COLLATE "C" NOT NULL REFERENCES client ON DELETE CASCADE,
    secret_id TEXT COLLATE "C" NOT NULL,
    digest BYTEA NOT NULL,
    expire_time BIGINT,
    PRIMARY KEY (client_id, secret_id)
  );

  CREATE FUNCTION tenant_standing_changed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.client_version := OLD.client_version + 1;
    RETURN NEW;
  END $$;
  CREATE TRIGGER tenant_standing_changed BEFORE UPDATE OF disabled ON tenant
    FOR EACH ROW EXECUTE FUNCTION tenant_standing_changed();

  CREATE FUNCTION client_changed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE tenant SET client_version = client_version + 1
      WHERE tenant_id = CASE TG_OP WHEN 'DELETE' THEN OLD.tenant_id ELSE NEW.tenant_id END;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END $$;
  CREATE TRIGGER client_changed BEFORE UPDATE OR DELETE ON client FOR EACH ROW EXECUTE FUNCTION client_changed();

  CREATE FUNCTION client_secret_changed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE tenant SET client_version = client_version + 1 FROM client
      WHERE client.client_id = CASE TG_OP WHEN 'DELETE' THEN OLD.client_id ELSE NEW.client_id END
        AND tenant.tenant_id = client.tenant_id;
    RETURN NULL;
  END $$;
  CREATE TRIGGER client_secret_changed AFTER INSERT OR UPDATE OR DELETE ON client_secret
    FOR EACH ROW EXECUTE FUNCTION client_secret_changed();

  -- Users and devices.
  CREATE TABLE subject (
    subject_id TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant,
    kind TEXT NOT NULL CHECK (kind IN ('user', 'device')),
    password_hash TEXT,
    disabled BOOLEAN NOT NULL,
    cutoff BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    login_name TEXT,
    email TEXT,
    email_verified BOOLEAN NOT NULL,
    phone TEXT,
    phone_verified BOOLEAN NOT NULL,
    vendor_id TEXT
  );

  -- The names that a subject can log in by; only verified addresses are here.
  CREATE TABLE handle (
    tenant_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL REFERENCES subject ON DELETE CASCADE,
    PRIMARY KEY (tenant_id, kind, key)
  );
  CREATE INDEX handle_by_subject ON handle (subject_id);

  -- No foreign keys from here on: a family outlives its client or subject, and is dead then.
  CREATE TABLE family (
    family_id TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    refresh_client_id TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL,
    scopes TEXT NOT NULL,
    generation BIGINT NOT NULL,
    issue_revision BIGINT NOT NULL,
    issue_time BIGINT NOT NULL,
    expire_time BIGINT NOT NULL,
    revoked_revision BIGINT,
    last_sealed BYTEA,
    last_repeat_until BIGINT,
    last_token_id TEXT,
    last_issue_time BIGINT,
    last_expire_time BIGINT
  ) WITH (fillfactor = 85);
  CREATE INDEX family_by_expiry ON family (expire_time);

  CREATE TABLE token (
    digest BYTEA PRIMARY KEY,
    token_id TEXT COLLATE "C" NOT NULL,
    family_id TEXT COLLATE "C" NOT NULL,
    generation BIGINT NOT NULL,
    is_refresh BOOLEAN NOT NULL,
    issue_time BIGINT NOT NULL,
    expire_time BIGINT NOT NULL,
    -- When its family expires: an expired token still names the login that it may revoke.
    keep_until BIGINT NOT NULL
  );
  CREATE UNIQUE INDEX token_by_id ON token (token_id);
  CREATE INDEX token_by_keeping ON token (keep_until);

  CREATE TABLE issue_record (
    request_digest BYTEA PRIMARY KEY,
    fingerprint BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    expire_time BIGINT NOT NULL,
    family_id TEXT COLLATE "C" NOT NULL,
    access_token_id TEXT NOT NULL,
    access_issue_time BIGINT NOT NULL,
    access_expire_time BIGINT NOT NULL,
    refresh_expire_time BIGINT,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL
  );
  CREATE INDEX issue_record_by_expiry ON issue_record (expire_time);

  CREATE TABLE login_failures (
    tenant_id TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    window_end_time BIGINT NOT NULL,
    lock_end_time BIGINT,
    -- When the row means nothing any more.
    expire_time BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, key)
  );
  CREATE INDEX login_failures_by_expiry ON login_failures (expire_time);

  CREATE TABLE revocation (
    tenant_id TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    cause TEXT NOT NULL,
    event_time BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, revision)
  );
  CREATE INDEX revocation_by_time ON revocation (event_time);

  -- One row for each node, written again several times a second: src/store/postgres/lease.ts.
  CREATE TABLE heartbeat (
    node_id TEXT COLLATE "C" PRIMARY KEY,
    beat BIGINT NOT NULL,
    beat_time TIMESTAMPTZ NOT NULL
  ) WITH (fillfactor = 10);
  `;
