import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../src/store/postgres/connections.ts';
import { LISTS } from '../../../src/store/postgres/lists.ts';
import { postgresOptions } from './options.ts';
import { Rig } from './rig.ts';

let rig: Rig;
let client: pg.Client;

beforeAll(async () => {
  rig = await Rig.start();
  await rig.open();
  client = new pg.Client(clientConfig(postgresOptions(rig.url)));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await rig[Symbol.asyncDispose]();
});

/** What a page costs must not grow with what is before it, or with what others have. */
it.each<[keyof typeof LISTS, string, string, string]>([
  ['tenants', `'a', 5`, 'tenant_pkey', `(tenant_id > `],
  ['clients', `'t', 'a', 5`, 'client_by_tenant', `(client_id > `],
  ['subjects', `'t', 'user', 1, 'a', 5`, 'subject_by_time', `(ROW(create_time, subject_id) > `],
  ['families', `'t', 's', 1, 'a', 'user', 1, 1, 5`, 'family_by_subject', `(ROW(issue_time, family_id) > `],
  ['messages', `'t', 1, 'a', 5`, 'message_by_time', `(ROW(create_time, message_id) > `],
  ['auditRecords', `'t', 1, 5`, 'audit_pkey', `(sequence > `],
])('lists %s from where the page begins', async (list, values, index, bounds) => {
  const [name, text] = LISTS[list];
  await client.query(`PREPARE ${name} AS ${text}`);
  for (const mode of ['force_custom_plan', 'force_generic_plan']) {
    await client.query(`SET plan_cache_mode = ${mode}`);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN EXECUTE ${name} (${values})`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(new RegExp(`Index (Only )?Scan using ${index}`));
    expect(plan).toContain(bounds);
    expect(plan).not.toContain('Seq Scan');
  }
});
