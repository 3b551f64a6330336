/** `symbolon store rewound`: PostgreSQL lost its end, and a server goes on meanwhile. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Nodes } from '../nodes/cluster.ts';
import { PostgresServer } from '../postgres.ts';
import { TokenClient } from '../process/grpc-client.ts';
import { runCommand } from './in-process.ts';

let postgres: PostgresServer;
let nodes: Nodes;
let where: string[];

beforeAll(async () => {
  postgres = await PostgresServer.start();
  const store = postgres.urlOf(await postgres.createDatabase());
  nodes = await Nodes.start([store]);
  where = ['--store', store];
});

afterAll(async () => {
  await nodes[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

async function result(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout, failure } = await runCommand([...args, ...where, '--json']);
  expect(failure).toBe('');
  return JSON.parse(stdout) as Record<string, unknown>;
}

it('ends no token where they are kept, and every one otherwise; revisions leap both times', async () => {
  using client = TokenClient.admin(nodes.demo).persistently();
  const { accessToken } = await client.issueToClient(nodes.demo.admin);
  const revisions = [(await client.introspect(accessToken)).revision];

  const kept = await result('store', 'rewound', '--keep-tokens');
  expect(kept).toMatchObject({ tenants: 1, tenants_cut_off: 0, tokens_kept: true });
  const still = await client.introspect(accessToken);
  expect(still.active).toBe(true);
  revisions.push(still.revision);

  expect(await result('store', 'rewound', '--yes')).toMatchObject({
    tenants: 1,
    tenants_cut_off: 1,
    tokens_kept: false,
  });
  const ended = await client.introspect(accessToken);
  expect(ended.active).toBe(false);
  revisions.push(ended.revision);

  const [first, second, third] = revisions.map(Number) as [number, number, number];
  expect(second - first).toBeGreaterThanOrEqual(1_000_000_000);
  expect(third - second).toBeGreaterThanOrEqual(1_000_000_000);
  // Who logs in anew goes on, by clients that were read before.
  const anew = await client.issueToClient(nodes.demo.admin);
  expect((await client.introspect(anew.accessToken)).active).toBe(true);
});

it('is in the audit log of each tenant, by the operator', async () => {
  const tenant = ['--tenant', nodes.demo.tenant_id];
  const { stdout } = await runCommand(['audit', 'list', ...tenant, ...where, '--json']);
  const records = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const found = records.filter(({ action }) => action === 'restore');
  expect(found).toHaveLength(2);
  expect(found[0]).toMatchObject({ actor_kind: 'operator', result: 'ok', target_id: nodes.demo.tenant_id });
  expect((await runCommand(['audit', 'verify', ...tenant, ...where])).failure).toBe('');
});

it('refuses what it is not for, and changes nothing', async () => {
  const asked = await runCommand(['store', 'rewound', ...where]);
  expect(asked.failure).toMatch(
    /^USAGE: this ends all logins of all tenants in postgres:\/\/\S+, and nobody can be asked here/,
  );
  expect((await runCommand(['store', 'rewound', '--yes', '--store', 'sqlite'])).failure).toMatch(
    /^USAGE: this is for PostgreSQL, and the store is sqlite, where `symbolon store restore` does all of it/,
  );
  const empty = postgres.urlOf(await postgres.createDatabase());
  expect((await runCommand(['store', 'rewound', '--yes', '--store', empty])).failure).toMatch(
    /^USAGE: postgres:\/\/\S+ has no tenant, so nothing was done/,
  );
  await using standby = await postgres.startStandby();
  const copy = standby.urlOf(new URL(where[1] ?? '').pathname.slice(1));
  expect((await runCommand(['store', 'rewound', '--yes', '--store', copy])).failure).toContain('leads to a standby');
});
