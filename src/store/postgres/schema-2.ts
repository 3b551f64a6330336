/** The second step of the schema: codes, messages, second factors, the audit log, and lists. */
export const STEP_2 = `
  -- All at once and before anything is changed: whoever holds one of them and asked for another would wait for us, and we for them.
  LOCK TABLE family, token, tenant, client, subject IN ACCESS EXCLUSIVE MODE;

  ALTER TABLE tenant ADD COLUMN self_registration BOOLEAN NOT NULL DEFAULT true;
  ALTER TABLE tenant ADD COLUMN email_verification_required BOOLEAN NOT NULL DEFAULT true;
  ALTER TABLE tenant ADD COLUMN phone_verification_required BOOLEAN NOT NULL DEFAULT true;
  ALTER TABLE tenant ADD COLUMN expose_full_users BOOLEAN NOT NULL DEFAULT false;
  ALTER TABLE tenant ADD COLUMN verification_code_lifetime_ms BIGINT NOT NULL DEFAULT 3600000;
  ALTER TABLE tenant ADD COLUMN reset_code_lifetime_ms BIGINT NOT NULL DEFAULT 900000;
  -- The head of the tenant's audit log.
  ALTER TABLE tenant ADD COLUMN audit_sequence BIGINT NOT NULL DEFAULT 0;
  ALTER TABLE tenant ADD COLUMN audit_hash BYTEA NOT NULL DEFAULT decode(repeat('00', 32), 'hex');

  ALTER TABLE subject ADD COLUMN display_name TEXT NOT NULL DEFAULT '';
  ALTER TABLE subject ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE subject ADD COLUMN owner_ids TEXT NOT NULL DEFAULT '';
  ALTER TABLE subject ADD COLUMN mfa_enabled BOOLEAN NOT NULL DEFAULT false;

  -- What is listed, each in the order of its list.
  CREATE INDEX client_by_tenant ON client (tenant_id, client_id);
  CREATE INDEX subject_by_time ON subject (tenant_id, kind, create_time, subject_id);
  CREATE INDEX family_by_subject ON family (tenant_id, subject_id, issue_time, family_id);
  -- Finds the tokens of a family too: they are kept until it expires. So no token costs an index more than before.
  CREATE INDEX token_by_family ON token (keep_until, family_id);
  DROP INDEX token_by_keeping;

  CREATE TABLE code (
    subject_id TEXT COLLATE "C" NOT NULL REFERENCES subject ON DELETE CASCADE,
    purpose TEXT COLLATE "C" NOT NULL,
    tenant_id TEXT COLLATE "C" NOT NULL,
    digest BYTEA NOT NULL,
    address TEXT NOT NULL,
    attempts_left BIGINT NOT NULL,
    expire_time BIGINT NOT NULL,
    sent_count BIGINT NOT NULL,
    window_end_time BIGINT NOT NULL,
    -- When it has expired and does not count any more.
    keep_until BIGINT NOT NULL,
    PRIMARY KEY (subject_id, purpose)
  );
  CREATE INDEX code_by_keeping ON code (keep_until);

  -- No foreign key: a message that was sent outlives its subject.
  CREATE TABLE message (
    message_id TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    address TEXT NOT NULL,
    sealed BYTEA,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'failed')),
    attempts BIGINT NOT NULL,
    next_attempt_time BIGINT NOT NULL,
    last_error TEXT,
    create_time BIGINT NOT NULL,
    expire_time BIGINT NOT NULL,
    keep_until BIGINT NOT NULL
  );
  CREATE INDEX message_by_due ON message (next_attempt_time, message_id) WHERE state = 'pending';
  CREATE INDEX message_by_subject ON message (subject_id) WHERE state = 'pending';
  CREATE INDEX message_by_time ON message (tenant_id, create_time, message_id);
  CREATE INDEX message_by_keeping ON message (keep_until);

  CREATE TABLE totp (
    subject_id TEXT COLLATE "C" PRIMARY KEY REFERENCES subject ON DELETE CASCADE,
    tenant_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    active BOOLEAN NOT NULL,
    last_step BIGINT NOT NULL,
    -- 32 bytes each, one after the other.
    recovery_digests BYTEA NOT NULL
  );

  CREATE TABLE mfa_challenge (
    digest BYTEA PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    refresh_client_id TEXT COLLATE "C" NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL,
    scopes TEXT NOT NULL,
    token_expire_time BIGINT,
    issue_revision BIGINT NOT NULL,
    expire_time BIGINT NOT NULL
  );
  CREATE INDEX mfa_challenge_by_expiry ON mfa_challenge (expire_time);

  CREATE TABLE audit (
    tenant_id TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    event_time BIGINT NOT NULL,
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
    hash BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, sequence)
  );

  -- One row at most: of the key under which codes and second factors are sealed.
  CREATE TABLE server_key (id BIGINT PRIMARY KEY CHECK (id = 1), fingerprint BYTEA NOT NULL);
  `;
