/** How SQLite finds rows. What is run for every call or every minute may scan no table: it would grow with it. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyTable, List } from '../../../src/core/table.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { CLIENTS } from '../../../src/core/tables/clients.ts';
import { END_NODES } from '../../../src/core/tables/end-nodes.ts';
import { FAMILIES } from '../../../src/core/tables/families.ts';
import { TABLES } from '../../../src/core/tables/index.ts';
import { MESSAGES, MESSAGES_BY_DUE } from '../../../src/core/tables/messages.ts';
import { SUBJECTS } from '../../../src/core/tables/subjects.ts';
import { TENANTS } from '../../../src/core/tables/tenants.ts';
import { conditionOf, dropSql, listSql, selectSql } from '../../../src/store/rows/sql.ts';
import { openWriter } from '../../../src/store/sqlite/connection.ts';
import { OF_FAMILY, OF_TENANT } from '../../../src/store/sqlite/family-reader.ts';
import { dueSql } from '../../../src/store/sqlite/load.ts';
import { migrate } from '../../../src/store/sqlite/migrations.ts';
import { purgeSql } from '../../../src/store/sqlite/purge.ts';
import { CLIENT_SQL } from '../../../src/store/sqlite/reader.ts';
import { mark } from '../../../src/store/sqlite/statements.ts';
import { temporaryDirectory } from '../../support.ts';

const directory = temporaryDirectory();
let database: ReturnType<typeof openWriter>;

beforeAll(() => {
  const path = join(directory.path, 'symbolon.db');
  database = openWriter(path);
  migrate(database, path);
});

afterAll(() => {
  database.close();
  directory.remove();
});

function stepsOf(sql: string): string[] {
  const parameters = (sql.match(/\?/g) ?? []).map(() => 'x');
  const plan = database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
  return plan.map(({ detail }) => detail);
}

function where(...names: string[]): string {
  return conditionOf({ names, values: names.map(() => 'x') }, mark).sql;
}

function tableOf(name: string): AnyTable {
  return TABLES.find((table) => table.name === name) as AnyTable;
}

it.each(TABLES.map((table) => [table.name, table] as const))('finds a row of %s by its key', (_, table) => {
  expect(stepsOf(selectSql(table, where(...table.keyColumns)))).toEqual([expect.stringMatching(/^SEARCH/)]);
});

it('finds a subject by its key, whatever its tenant is asked to be', () => {
  const steps = stepsOf(selectSql(tableOf('subject'), where('subject_id', 'tenant_id')));

  expect(steps).toEqual(['SEARCH subject USING PRIMARY KEY (subject_id=?)']);
});

it.each([
  ['client_secret', ['client_id']],
  ['handle', ['subject_id']],
  ['end_node', ['tenant_id', 'gateway_id']],
  ['end_node', ['subject_id']],
  ['end_node_login', ['family_id']],
  ['end_node_login', ['subject_id']],
  ['code', ['subject_id']],
  ['message', ['subject_id', 'state']],
  ['message', ['subject_id', 'purpose', 'state']],
] as const)('finds, in order, and drops rows of %s by %s', (name, columns) => {
  const steps = [
    ...stepsOf(selectSql(tableOf(name), where(...columns))),
    ...stepsOf(dropSql(tableOf(name), where(...columns))),
  ];

  expect(steps.filter((step) => !/^SEARCH|^USE TEMP B-TREE FOR ORDER BY/.test(step))).toEqual([]);
});

it.each(TABLES.filter(({ forget }) => forget !== undefined).map((table) => [table.name, table] as const))(
  'finds what is purged of %s in an index',
  (_, table) => {
    const steps = stepsOf(purgeSql(table, table.forget?.column ?? ''));

    expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([]);
    expect(steps).toContainEqual(expect.stringContaining(`${table.forget?.column}<?`));
  },
);

it('finds the messages that are due in their order', () => {
  expect(stepsOf(dueSql(tableOf('message'), where('state'), 'nextAttemptTime'))).toEqual([
    'MERGE (UNION ALL)',
    'LEFT',
    'SEARCH message USING INDEX message_by_due (state=? AND next_attempt_time<?)',
    'RIGHT',
    'SEARCH message USING INDEX message_by_due (state=? AND next_attempt_time>?)',
  ]);
});

describe('what callers wait for', () => {
  it.each([
    ['a client', CLIENT_SQL],
    ['a family of a tenant', OF_TENANT],
    ['a family', OF_FAMILY],
  ])('%s is found by keys', (_, sql) => {
    const steps = stepsOf(sql).filter((step) => !/SCALAR SUBQUERY|SCAN CONSTANT ROW/.test(step));

    expect(steps.filter((step) => !step.startsWith('SEARCH'))).toEqual([]);
    expect(steps).not.toContainEqual(expect.stringContaining('AUTOMATIC'));
  });
});

const list = <T>(each: List<T>) => each as unknown as List<object>;

/** What a page costs must not grow with what is before it, or with what others have. */
it.each([
  ['tenants', list(TENANTS), 'tenant_id>?'],
  ['clients', list(CLIENTS), 'client_by_tenant (tenant_id=? AND client_id>?)'],
  ['subjects', list(SUBJECTS), 'subject_by_time (tenant_id=? AND kind=? AND (create_time,subject_id)>(?,?))'],
  ['families', list(FAMILIES), 'family_by_subject (tenant_id=? AND subject_id=? AND family_id>?)'],
  ['end nodes', list(END_NODES), 'end_node_by_gateway (tenant_id=? AND gateway_id=? AND subject_id>?)'],
  [
    'messages of all tenants',
    list(MESSAGES_BY_DUE),
    'message_by_due (state=? AND (next_attempt_time,message_id)>(?,?))',
  ],
  ['messages', list(MESSAGES), 'message_by_time (tenant_id=? AND (create_time,message_id)>(?,?))'],
  ['audit records', list(AUDIT_RECORDS), 'tenant_id=? AND sequence>?'],
])('lists %s from where the page begins', (_, each, bounds) => {
  const names = each.by.flatMap((field) => each.table.columnsOf(field).map(({ name }) => name));
  const steps = stepsOf(listSql(each, conditionOf({ names, values: names.map(() => 'x') }, mark), true, mark));

  expect(steps).toEqual([expect.stringContaining(bounds)]);
});
