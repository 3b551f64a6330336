/** How PostgreSQL finds rows. What is run for every call or every minute may scan no table: it would grow with it. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AnyTable, List } from '../../../src/core/table.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { CLIENTS } from '../../../src/core/tables/clients.ts';
import { END_NODES } from '../../../src/core/tables/end-nodes.ts';
import { FAMILIES, FAMILY } from '../../../src/core/tables/families.ts';
import { TABLES } from '../../../src/core/tables/index.ts';
import { MESSAGE, MESSAGES, MESSAGES_BY_DUE } from '../../../src/core/tables/messages.ts';
import { SUBJECTS } from '../../../src/core/tables/subjects.ts';
import { TENANTS } from '../../../src/core/tables/tenants.ts';
import type { Statement } from '../../../src/store/postgres/batch.ts';
import { READ_CLIENTS } from '../../../src/store/postgres/client-reader.ts';
import { Cluster } from '../../../src/store/postgres/cluster.ts';
import { clientConfig } from '../../../src/store/postgres/connections.ts';
import { READ_CHANGING, READ_FAMILIES } from '../../../src/store/postgres/family-reader.ts';
import { PURGES } from '../../../src/store/postgres/purge.ts';
import {
  changeStep,
  checkStep,
  listStep,
  lockedDueStep,
  lockedReadStep,
  readStep,
  stampedReadStep,
} from '../../../src/store/postgres/statements.ts';
import { keyOf, rowOf } from '../contract/table-rows.ts';
import { postgresOptions } from './options.ts';
import { Rig } from './rig.ts';

let rig: Rig;
let client: pg.Client;
let count = 0;

beforeAll(async () => {
  rig = await Rig.start();
  await rig.open();
  client = new pg.Client(clientConfig(postgresOptions(rig.url)));
  await client.connect();
  await new Cluster().askPrimary(client, postgresOptions(rig.url));
});
afterAll(async () => {
  await client.end();
  await rig[Symbol.asyncDispose]();
});

/** As it is planned for any values, and for none in particular. */
async function planOf([, text]: Statement): Promise<string> {
  const name = `plan_${count++}`;
  await client.query(`SET plan_cache_mode = force_generic_plan; PREPARE ${name} AS ${text}`);
  const values = (text.match(/\$\d+/g) ?? []).map((mark) => Number(mark.slice(1)));
  const nulls = Array.from({ length: Math.max(0, ...values) }, () => 'NULL').join(', ');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN EXECUTE ${name}${nulls === '' ? '' : ` (${nulls})`}`,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const named = (tables: readonly AnyTable[]) => tables.map((table) => [table.name, table] as const);
const anyTable = <T>(table: T) => table as unknown as AnyTable;

it.each(named(TABLES))('finds a row of %s by its key', async (name, table) => {
  const key = keyOf(table, rowOf(table, 1));
  const steps = [
    readStep(table, key),
    lockedReadStep(table, key),
    stampedReadStep(table, key),
    checkStep(table, key, '1'),
    changeStep({ change: 'drop', table, where: key }),
  ];
  for (const { statement } of steps) {
    const plan = await planOf(statement);
    expect(plan).toContain(`Index Scan using ${name}_pkey`);
    expect(plan).not.toContain('Seq Scan');
  }
});

it.each([
  ['client_secret', { clientId: 'a' }],
  ['handle', { subjectId: 'a' }],
  ['end_node', { tenantId: 'a', gatewayId: 'a' }],
  ['end_node', { subjectId: 'a' }],
  ['end_node_login', { familyId: (rowOf(anyTable(FAMILY), 1) as { familyId: string }).familyId }],
  ['end_node_login', { subjectId: 'a' }],
  ['code', { subjectId: 'a' }],
  ['message', { subjectId: 'a', state: 'pending' }],
  ['message', { subjectId: 'a', purpose: 'verify_email', state: 'pending' }],
])('finds and drops rows of %s by %j', async (name, where) => {
  const table = TABLES.find((each) => each.name === name) as AnyTable;
  for (const { statement } of [readStep(table, where), changeStep({ change: 'drop', table, where })]) {
    expect(await planOf(statement)).not.toContain('Seq Scan');
  }
});

it.each(PURGES.map(({ statement }) => [statement[0], statement] as const))(
  'does %s by an index',
  async (_, statement) => {
    const plan = await planOf(statement);
    expect(plan).toMatch(/Index Scan using \w+_by_\w+/);
    expect(plan).not.toContain('Sort');
    expect(plan).not.toContain('Seq Scan');
  },
);

it('finds the messages that are due in their order', async () => {
  const read = { read: 'due', table: anyTable(MESSAGE), where: { state: 'pending' }, limit: 5, furthestMs: 1 } as const;
  const { statement } = lockedDueStep({ ...read, time: 'nextAttemptTime' as never }, 0);
  const plan = await planOf(statement);
  expect(plan).toContain('Index Scan using message_by_due');
  expect(plan).not.toContain('Sort');
});

it.each([
  ['a client', READ_CLIENTS],
  ['families', READ_FAMILIES],
  ['what changes of families', READ_CHANGING],
])('finds %s by keys', async (_, statement) => {
  const plan = await planOf(statement);
  expect(plan).not.toContain('Seq Scan');
  expect(plan).not.toContain('Hash');
  expect(plan).not.toContain('Merge');
});

const list = <T>(each: List<T>) => each as unknown as List<object>;

/** What a page costs must not grow with what is before it, or with what others have. */
it.each([
  [list(TENANTS), ['a'], 'tenant_pkey', '(tenant_id > '],
  [list(CLIENTS), ['a'], 'client_by_tenant', '(client_id > '],
  [list(SUBJECTS), [1, 'a'], 'subject_by_time', '(ROW(create_time, subject_id) > '],
  [
    list(FAMILIES),
    [(rowOf(anyTable(FAMILY), 1) as { familyId: string }).familyId],
    'family_by_subject',
    '(family_id > ',
  ],
  [list(END_NODES), ['a'], 'end_node_by_gateway', '(subject_id > '],
  [list(MESSAGES_BY_DUE), [1, 'a'], 'message_by_due', '(ROW(next_attempt_time, message_id) > '],
  [list(MESSAGES), [1, 'a'], 'message_by_time', '(ROW(create_time, message_id) > '],
  [list(AUDIT_RECORDS), [1], 'audit_pkey', '(sequence > '],
])('lists from where the page begins (%#)', async (each, after, index, bounds) => {
  const by = Object.fromEntries(each.by.map((field) => [field, 'a']));
  const { statement } = listStep(each, by, { after, limit: 5 });
  const plan = await planOf(statement);
  expect(plan).toMatch(new RegExp(`Index (Only )?Scan using ${index}`));
  expect(plan).toContain(bounds);
  expect(plan).not.toContain('Sort');
});
