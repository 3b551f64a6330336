/** The second step of the schema: what people grant to clients, whom tokens are for, and tokens of devices. */
export const STEP_2 = `
  ALTER TABLE client ADD COLUMN first_party INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE client ADD COLUMN grants TEXT NOT NULL DEFAULT '';
  ALTER TABLE client ADD COLUMN redirect_uris TEXT NOT NULL DEFAULT '';
  ALTER TABLE client ADD COLUMN logo_uri TEXT NOT NULL DEFAULT '';
  ALTER TABLE client ADD COLUMN accent_color TEXT NOT NULL DEFAULT '';
  ALTER TABLE tenant ADD COLUMN logo_uri TEXT NOT NULL DEFAULT '';
  ALTER TABLE tenant ADD COLUMN accent_color TEXT NOT NULL DEFAULT '';
  ALTER TABLE family ADD COLUMN place_address TEXT;
  ALTER TABLE family ADD COLUMN place_agent TEXT;
  ALTER TABLE family ADD COLUMN visit_time INTEGER;
  -- As new clients get that say nothing of grants.
  UPDATE client SET grants = 'client_credentials refresh_token' WHERE confidential = 1;

  CREATE TABLE consent (
    consent_id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES client ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    cutoff INTEGER NOT NULL,
    grant_time INTEGER NOT NULL,
    withdraw_time INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX consent_by_subject ON consent (subject_id);
  CREATE INDEX consent_by_client ON consent (client_id);
  CREATE INDEX consent_by_tenant ON consent (tenant_id, subject_id, consent_id);

  CREATE TABLE resource_server (
    tenant_id TEXT NOT NULL REFERENCES tenant,
    resource_server_id TEXT NOT NULL,
    display_name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    client_ids TEXT NOT NULL,
    cutoff INTEGER NOT NULL,
    create_time INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, resource_server_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE device_token (
    subject_id TEXT PRIMARY KEY REFERENCES subject ON DELETE CASCADE,
    tenant_id TEXT NOT NULL,
    family_id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    client_id TEXT NOT NULL,
    create_time INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE device_owner (
    subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
    owner_id TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    PRIMARY KEY (subject_id, owner_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX device_owner_by_owner ON device_owner (tenant_id, owner_id, create_time, subject_id);
  INSERT OR IGNORE INTO device_owner (subject_id, owner_id, tenant_id, create_time)
    SELECT s.subject_id, o.value, s.tenant_id, s.create_time
    FROM subject s, json_each('["' || replace(s.owner_ids, ' ', '","') || '"]') o
    WHERE s.kind = 'device' AND s.owner_ids <> '';
  `;
