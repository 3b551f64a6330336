/** The second step of the schema, as SQLite's: a version that knows only the first one serves on beside it. */
export const STEP_2 = `
  ALTER TABLE client ADD COLUMN first_party BOOLEAN NOT NULL DEFAULT false;
  ALTER TABLE client ADD COLUMN grants TEXT NOT NULL DEFAULT '';
  ALTER TABLE client ADD COLUMN redirect_uris TEXT NOT NULL DEFAULT '';
  ALTER TABLE client ADD COLUMN logo_uri TEXT NOT NULL DEFAULT '';
  ALTER TABLE client ADD COLUMN accent_color TEXT NOT NULL DEFAULT '';
  ALTER TABLE tenant ADD COLUMN logo_uri TEXT NOT NULL DEFAULT '';
  ALTER TABLE tenant ADD COLUMN accent_color TEXT NOT NULL DEFAULT '';
  ALTER TABLE family ADD COLUMN place_address TEXT;
  ALTER TABLE family ADD COLUMN place_agent TEXT;
  ALTER TABLE family ADD COLUMN visit_time BIGINT;
  -- As new clients get that say nothing of grants.
  UPDATE client SET grants = 'client_credentials refresh_token' WHERE confidential;

  CREATE TABLE consent (
    consent_id TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL REFERENCES subject ON DELETE CASCADE,
    client_id TEXT COLLATE "C" NOT NULL REFERENCES client ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    cutoff BIGINT NOT NULL,
    grant_time BIGINT NOT NULL,
    withdraw_time BIGINT
  );
  CREATE INDEX consent_by_subject ON consent (subject_id);
  CREATE INDEX consent_by_client ON consent (client_id);
  CREATE INDEX consent_by_tenant ON consent (tenant_id, subject_id, consent_id);

  CREATE TABLE resource_server (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant,
    resource_server_id TEXT COLLATE "C" NOT NULL,
    display_name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    client_ids TEXT NOT NULL,
    cutoff BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, resource_server_id)
  );

  CREATE TABLE device_token (
    subject_id TEXT COLLATE "C" PRIMARY KEY REFERENCES subject ON DELETE CASCADE,
    tenant_id TEXT COLLATE "C" NOT NULL,
    family_id BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    create_time BIGINT NOT NULL
  );

  CREATE TABLE device_owner (
    subject_id TEXT COLLATE "C" NOT NULL REFERENCES subject ON DELETE CASCADE,
    owner_id TEXT COLLATE "C" NOT NULL,
    tenant_id TEXT COLLATE "C" NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (subject_id, owner_id)
  );
  CREATE INDEX device_owner_by_owner ON device_owner (tenant_id, owner_id, create_time, subject_id);
  INSERT INTO device_owner (subject_id, owner_id, tenant_id, create_time)
    SELECT DISTINCT s.subject_id, o, s.tenant_id, s.create_time
    FROM subject s, unnest(string_to_array(s.owner_ids, ' ')) o
    WHERE s.kind = 'device' AND s.owner_ids <> '';
  `;
