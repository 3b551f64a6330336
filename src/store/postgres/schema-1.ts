/**
 * The first step of the schema: the tables of src/core/tables, as a test compares. No triggers and no functions: what a change brings
 * about is decided by the core.
 */
import { NODES_1 } from './schema-1-nodes.ts';

export const STEP_1 = `
  -- The tenant's row is updated often, and none of what changes is indexed: room for its versions on the same page.
  CREATE TABLE tenant (
    tenant_id TEXT COLLATE "C" PRIMARY KEY,
    display_name TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    policy TEXT NOT NULL,
    revision BIGINT NOT NULL,
    cutoff BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    audit_sequence BIGINT NOT NULL,
    audit_hash BYTEA NOT NULL,
    client_version BIGINT NOT NULL
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
  CREATE INDEX client_by_tenant ON client (tenant_id, client_id);

  CREATE TABLE client_secret (
    client_id TEXT COLLATE "C" NOT NULL REFERENCES client ON DELETE CASCADE,
    secret_id TEXT COLLATE "C" NOT NULL,
    digest BYTEA NOT NULL,
    expire_time BIGINT,
    PRIMARY KEY (client_id, secret_id)
  );

  CREATE TABLE subject (
    subject_id TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant,
    kind TEXT COLLATE "C" NOT NULL,
    password_hash TEXT,
    disabled BOOLEAN NOT NULL,
    disabled_by_owner BOOLEAN NOT NULL,
    cutoff BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    login_name TEXT,
    email TEXT,
    email_verified BOOLEAN NOT NULL,
    pending_email TEXT,
    phone TEXT,
    phone_verified BOOLEAN NOT NULL,
    pending_phone TEXT,
    vendor_id TEXT,
    display_name TEXT NOT NULL,
    attributes TEXT NOT NULL,
    owner_ids TEXT NOT NULL,
    mfa_enabled BOOLEAN NOT NULL
  );
  CREATE INDEX subject_by_time ON subject (tenant_id, kind, create_time, subject_id);

  CREATE TABLE handle (
    tenant_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL REFERENCES subject ON DELETE CASCADE,
    PRIMARY KEY (tenant_id, kind, key)
  );
  CREATE INDEX handle_by_subject ON handle (subject_id);

  -- A device that hangs on a gateway, another device.
  CREATE TABLE end_node (
    subject_id TEXT COLLATE "C" PRIMARY KEY REFERENCES subject ON DELETE CASCADE,
    tenant_id TEXT COLLATE "C" NOT NULL,
    gateway_id TEXT COLLATE "C" NOT NULL,
    by_admin BOOLEAN NOT NULL,
    attach_time BIGINT NOT NULL
  );
  CREATE INDEX end_node_by_gateway ON end_node (tenant_id, gateway_id, subject_id);

  -- The family is of the gateway.
  CREATE TABLE end_node_login (
    family_id BYTEA NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL REFERENCES subject ON DELETE CASCADE,
    expire_time BIGINT,
    PRIMARY KEY (family_id, subject_id)
  );
  CREATE INDEX end_node_login_by_subject ON end_node_login (subject_id);
  CREATE INDEX end_node_login_by_expiry ON end_node_login (expire_time);

  -- No foreign keys: a family outlives its client or subject, and is dead then. No column that a refresh changes is indexed, and three
  -- versions of a row find room on its page. So a refresh writes no index (a HOT update).
  CREATE TABLE family (
    family_id BYTEA PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    refresh_client_id TEXT COLLATE "C",
    subject_id TEXT COLLATE "C" NOT NULL,
    kind BIGINT NOT NULL,
    scopes TEXT NOT NULL,
    generation BIGINT NOT NULL,
    issue_revision BIGINT NOT NULL,
    issue_time BIGINT NOT NULL,
    expire_time BIGINT,
    revoked_revision BIGINT,
    audience TEXT,
    consent_id TEXT COLLATE "C",
    key_id TEXT COLLATE "C" NOT NULL,
    access_digest BYTEA NOT NULL,
    access_issue_time BIGINT NOT NULL,
    access_expire_time BIGINT NOT NULL,
    refresh_digest BYTEA,
    refresh_presented BYTEA,
    refresh_repeat_until BIGINT,
    refresh_box BYTEA
  ) WITH (fillfactor = 85);
  CREATE INDEX family_by_expiry ON family (expire_time);
  CREATE INDEX family_by_subject ON family (tenant_id, subject_id, family_id);

  CREATE TABLE kept_answer (
    request_digest BYTEA PRIMARY KEY,
    fingerprint BYTEA NOT NULL,
    box BYTEA NOT NULL,
    family_id BYTEA NOT NULL,
    expire_time BIGINT NOT NULL
  );
  CREATE INDEX kept_answer_by_expiry ON kept_answer (expire_time);

  CREATE TABLE single_use (
    digest BYTEA PRIMARY KEY,
    purpose TEXT COLLATE "C" NOT NULL,
    tenant_id TEXT COLLATE "C" NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    family_id BYTEA,
    payload TEXT NOT NULL,
    expire_time BIGINT NOT NULL
  );
  CREATE INDEX single_use_by_expiry ON single_use (expire_time);

  CREATE TABLE login_failures (
    tenant_id TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    pending BIGINT NOT NULL,
    window_end_time BIGINT NOT NULL,
    lock_end_time BIGINT,
    count_time BIGINT NOT NULL,
    expire_time BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, key)
  );
  CREATE INDEX login_failures_by_expiry ON login_failures (expire_time);

  CREATE TABLE revocation (
    tenant_id TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    event_time BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, revision)
  );
  CREATE INDEX revocation_by_time ON revocation (event_time);

  CREATE TABLE code (
    subject_id TEXT COLLATE "C" NOT NULL REFERENCES subject ON DELETE CASCADE,
    purpose TEXT COLLATE "C" NOT NULL,
    tenant_id TEXT COLLATE "C" NOT NULL,
    digest BYTEA,
    address TEXT NOT NULL,
    expire_time BIGINT NOT NULL,
    sent_count BIGINT NOT NULL,
    window_end_time BIGINT NOT NULL,
    keep_until BIGINT NOT NULL,
    PRIMARY KEY (subject_id, purpose)
  );
  CREATE INDEX code_by_keeping ON code (keep_until);

  -- No foreign key: a message that was sent outlives its subject.
  CREATE TABLE message (
    message_id TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    address TEXT NOT NULL,
    sealed BYTEA,
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_time BIGINT NOT NULL,
    last_error TEXT,
    create_time BIGINT NOT NULL,
    expire_time BIGINT NOT NULL,
    keep_until BIGINT NOT NULL
  );
  CREATE INDEX message_by_due ON message (state, next_attempt_time, message_id);
  CREATE INDEX message_by_subject ON message (subject_id, state);
  CREATE INDEX message_by_time ON message (tenant_id, create_time, message_id);
  CREATE INDEX message_by_keeping ON message (keep_until);

  CREATE TABLE totp (
    subject_id TEXT COLLATE "C" PRIMARY KEY REFERENCES subject ON DELETE CASCADE,
    tenant_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    active BOOLEAN NOT NULL,
    last_step BIGINT NOT NULL,
    recovery_digests BYTEA NOT NULL
  );

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

  CREATE TABLE server_key (id BIGINT PRIMARY KEY CHECK (id = 1), fingerprint BYTEA NOT NULL);

  CREATE TABLE purge_horizon (id BIGINT PRIMARY KEY CHECK (id = 1), horizon BIGINT NOT NULL);

  CREATE TABLE tag_key (
    key_id TEXT COLLATE "C" PRIMARY KEY,
    box BYTEA NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL
  );

  ${NODES_1}`;
