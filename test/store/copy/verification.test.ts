/** What was copied is read again from both ends. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyStore } from '../../../src/store/copy/copy.ts';
import { ANN, APP, TENANT } from '../fixtures.ts';
import { CopyBed, NAMES, rowsOf } from './bed.ts';
import { copyUntil, copyUnverified, SMALL } from './interrupting.ts';

let bed: CopyBed;
let rows: ReturnType<typeof rowsOf>;

beforeAll(async () => {
  bed = await CopyBed.open();
  rows = rowsOf(bed.full);
});
afterAll(() => bed[Symbol.asyncDispose]());

/** One change of each table that keeps every constraint. */
const CHANGES: Record<string, string> = {
  tenant: `UPDATE tenant SET display_name = display_name || ' ' WHERE tenant_id = '${TENANT}'`,
  client: `UPDATE client SET cutoff = cutoff + 1 WHERE client_id = '${APP}'`,
  client_secret: `UPDATE client_secret SET expire_time = 0 WHERE expire_time IS NULL`,
  subject: `UPDATE subject SET email = '' WHERE subject_id = '${ANN}'`,
  handle: `DELETE FROM handle WHERE key = 'key 6NULL'`,
  family: `UPDATE family SET revoked_revision = 1 WHERE subject_id = '${ANN}'`,
  device_owner: `UPDATE device_owner SET create_time = create_time - 1`,
  consent: `UPDATE consent SET withdraw_time = 1 WHERE withdraw_time IS NULL`,
  resource_server: `UPDATE resource_server SET cutoff = cutoff - 1`,
  device_token: `UPDATE device_token SET create_time = create_time - 1`,
  kept_answer: `UPDATE kept_answer SET family_id = (SELECT max(family_id) FROM family)`,
  end_node: `UPDATE end_node SET gateway_id = (SELECT min(subject_id) FROM subject)`,
  end_node_login: `UPDATE end_node_login SET expire_time = 1 WHERE expire_time IS NULL`,
  single_use: `UPDATE single_use SET payload = '{}' WHERE family_id IS NULL`,
  login_failures: `UPDATE login_failures SET count = count + 1 WHERE lock_end_time IS NULL`,
  revocation: `INSERT INTO revocation VALUES ('${TENANT}', 9007199254740991, 'tenant', '${TENANT}', 'revoked', 1)`,
  code: `UPDATE code SET sent_count = sent_count - 1 WHERE sent_count = 0`,
  message: `UPDATE message SET last_error = NULL`,
  totp: `UPDATE totp SET active = NOT active WHERE subject_id = 'subject_id 6NULL'`,
  audit: `UPDATE audit SET details = details || ' ' WHERE tenant_id = 'tenant_id 6NULL'`,
  server_key: `UPDATE server_key SET fingerprint = (SELECT audit_hash FROM tenant WHERE tenant_id = '${TENANT}')`,
  purge_horizon: `UPDATE purge_horizon SET horizon = horizon - 1`,
  tag_key: `DELETE FROM tag_key WHERE key_id = 'key_id 6NULL'`,
};

describe('the verification', () => {
  it.each(NAMES)('finds a change of the copy in %s, and keeps the copy closed', async (name) => {
    for (const to of [await bed.newDatabase(), bed.newDirectory()]) {
      await copyUnverified(bed.full, to);
      await bed.alter(to, CHANGES[name] ?? '');
      await expect(copyStore(bed.full, to, SMALL)).rejects.toThrow(
        `differs from its source in the table ${name}, with`,
      );
      await expect(bed.openStore(to)).rejects.toThrow('it is an unfinished copy');
    }
  });

  it('finds a change of the source since the copy was begun', async () => {
    const from = bed.newDirectory();
    await copyStore(bed.full, from);
    const to = await bed.newDatabase();
    await copyUntil(from, to, (table) => table === 'kept_answer');
    await bed.alter(from, `DELETE FROM family WHERE family_id = (SELECT min(family_id) FROM family)`);
    const total = rows.family?.length ?? 0;
    await expect(copyStore(from, to)).rejects.toThrow(
      `differs from its source in the table family, with ${total - 1} rows there and ${total} in the copy`,
    );
  });

  it('sees the difference between nothing and an empty text', async () => {
    const to = await bed.newDatabase();
    await copyUnverified(bed.full, to);
    await bed.alter(to, `UPDATE subject SET phone = '' WHERE subject_id = '${ANN}'`);
    await expect(copyStore(bed.full, to)).rejects.toThrow('in the table subject');
  });
});
