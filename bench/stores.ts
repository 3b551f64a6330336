/**
 * Claims: on PostgreSQL a node answers at least 0.7 of the Introspect calls that it answers on SQLite, and at least 1,500 Issue calls a
 * second on two cores, with the server and the load beside it.
 */
import { credentials } from '@grpc/grpc-js';
import { TokenServiceClient } from '../gen/ts/symbolon/v1/token_service.ts';
import { Cluster } from '../src/store/postgres/cluster.ts';
import { Connections } from '../src/store/postgres/connections.ts';
import { lookupOf, readFamilies } from '../src/store/postgres/family-reader.ts';
import { PostgresStore } from '../src/store/postgres/store.ts';
import { FamilyOrigins } from '../src/store/rows/family-readings.ts';
import { PostgresServer } from '../test/postgres.ts';
import { issueOf, makeAcme, TENANT } from '../test/store/fixtures.ts';
import { make } from '../test/support.ts';
import { cpuSeconds } from './cpu.ts';
import { median, pin, runLoad, startSymbolon } from './processes.ts';
import { basic, introspectMessage, issueMessage, issueTokens } from './tokens.ts';

const PAIRS = 5;
const TOKENS = 2_000;
const NODE_CPU = 0;
const OTHERS_CPU = 1;
const LOOKUPS_AT_ONCE = 128;
/** Less than what a connection is waited for. */
const LOOKUP_SECONDS = 3;

type Symbolon = Awaited<ReturnType<typeof startSymbolon>>;

export async function benchStores(): Promise<void> {
  await using server = await PostgresServer.start(undefined, ['shared_buffers=512MB']);
  await benchIntrospects(server);
  await benchIssues(server);
  await benchLookups(server);
}

/** The node has a core to itself; PostgreSQL shares the other with the load. */
async function benchIntrospects(server: PostgresServer): Promise<void> {
  const store = server.urlOf(await server.createDatabase());
  pin(server.pid, OTHERS_CPU);
  const nodes = { sqlite: await startSymbolon(NODE_CPU), postgres: await startSymbolon(NODE_CPU, store) };
  const plans = { sqlite: await planOf(nodes.sqlite), postgres: await planOf(nodes.postgres) };
  const ratios: number[] = [];
  console.log(
    'Introspect on SQLite and on PostgreSQL, in turn; the node on core 0, PostgreSQL and the load on core 1:',
  );
  for (let pair = 0; pair < PAIRS; pair++) {
    const rates = { sqlite: 0, postgres: 0 };
    for (const name of ['sqlite', 'postgres'] as const) {
      const { address, pid } = nodes[name];
      const result = await runLoad({ ...plans[name], address, serverPid: pid }, OTHERS_CPU);
      rates[name] = result.callsPerSecond;
      const perCpu = `${Math.round(result.callsPerSecond / result.server.busy)} per cpu second of the node`;
      console.log(
        `  ${name.padEnd(8)} ${result.callsPerSecond}/s, p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms, ${perCpu}, ${result.failed} failed`,
      );
    }
    ratios.push(rates.postgres / rates.sqlite);
    console.log(`  ratio ${(rates.postgres / rates.sqlite).toFixed(3)}`);
  }
  console.log(`  median ratio ${median(ratios).toFixed(3)} (goal: at least 0.70)\n`);
  await Promise.all([nodes.sqlite.stop(), nodes.postgres.stop()]);
  pin(server.pid, `${NODE_CPU},${OTHERS_CPU}`);
}

async function planOf({ address, demo }: Symbolon) {
  const client = new TokenServiceClient(address, credentials.createInsecure());
  const tokens = await issueTokens(client, demo.service, TOKENS);
  client.close();
  return {
    path: '/symbolon.v1.TokenService/Introspect',
    authorization: basic(demo.service),
    messages: tokens.map(introspectMessage),
    connections: 4,
    streams: 32,
    warmupSeconds: 3,
    seconds: 4,
  };
}

async function benchIssues(server: PostgresServer): Promise<void> {
  const store = server.urlOf(await server.createDatabase());
  const node = await startSymbolon(undefined, store);
  const { service } = node.demo;
  const rates: number[] = [];
  console.log('Issue by client credentials with refresh tokens on PostgreSQL, node, server and load on two cores:');
  for (let run = 0; run < 3; run++) {
    const result = await runLoad({
      address: node.address,
      path: '/symbolon.v1.TokenService/Issue',
      authorization: basic(service),
      messages: [issueMessage(service)],
      connections: 4,
      streams: 32,
      warmupSeconds: 3,
      seconds: 5,
    });
    rates.push(result.callsPerSecond);
    console.log(
      `  ${result.callsPerSecond}/s, p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms, ${result.failed} failed`,
    );
  }
  console.log(`  median ${median(rates)}/s (goal: at least 1500)\n`);
  await node.stop();
}

/** What docs/scale.md reckons with: look-ups that a core of the primary carries, in full batches, the node left out. */
async function benchLookups(server: PostgresServer): Promise<void> {
  const url = server.urlOf(await server.createDatabase());
  const options = { url, poolSize: 4, statementTimeoutMs: 3_000, answerTimeoutMs: 4_000, clock: Date.now };
  const store = await PostgresStore.open(options);
  await makeAcme(store);
  const issues = Array.from({ length: TOKENS }, () => issueOf());
  await Promise.all(issues.map((issue) => make(store, issue)));
  const lookups = issues.map(({ familyId }) => lookupOf(TENANT, familyId));
  const connections = new Connections(
    options,
    1,
    async (client) => (await new Cluster().askPrimary(client, options)).timeline,
  );
  const origins = new FamilyOrigins();
  const end = performance.now() + LOOKUP_SECONDS * 1_000;
  const rate = await connections.use(async (session) => {
    const [backend] = (await session.query(['backend', 'SELECT pg_backend_pid()'])).rows;
    const pid = Number(backend?.[0]);
    const before = cpuSeconds(pid);
    let count = 0;
    while (performance.now() < end) {
      const at = count % (TOKENS - LOOKUPS_AT_ONCE);
      count += (await readFamilies(session, origins, lookups.slice(at, at + LOOKUPS_AT_ONCE))).length;
    }
    return Math.round(count / (cpuSeconds(pid) - before));
  });
  console.log(`Look-ups in batches of ${LOOKUPS_AT_ONCE}: ${rate} in a processor second of PostgreSQL\n`);
  await connections.end();
  await store.close();
}
