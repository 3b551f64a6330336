/**
 * Nodes on a Patroni cluster, under load, while its leader is killed, loses its Patroni, and is cut off. Nothing that was answered may be
 * lost, and no node, however badly it is placed, may vouch for a token whose Revoke was answered.
 */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/core/secrets.ts';
import { bytesOfFamily } from '../../src/core/token-form.ts';
import { Nodes } from '../nodes/cluster.ts';
import { clientOf, NodesLoad } from '../nodes/load.ts';
import { dataDirectory } from '../process/server-process.ts';
import { PatroniCluster } from './cluster.ts';
import { psql } from './psql.ts';
import { waitUntil } from './waiting.ts';

const MAX_DURATION_MS = 240_000;
const PATIENCE_MS = 90_000;
const SOME = 300;

const missing = PatroniCluster.missing();
if (missing !== undefined) {
  // biome-ignore lint/suspicious/noConsole: who runs the tests must see that they did not run, and why.
  console.warn(`no failover is tested: ${missing}`);
}

describe.skipIf(missing !== undefined)('nodes on a Patroni cluster', () => {
  let cluster: PatroniCluster;
  const directory = dataDirectory();

  beforeAll(async () => {
    cluster = await PatroniCluster.start();
  }, MAX_DURATION_MS);
  afterAll(async () => {
    directory[Symbol.dispose]();
    await cluster?.[Symbol.asyncDispose]();
  }, MAX_DURATION_MS);

  /** Two nodes that connect as they should, and those of the given addresses. */
  async function startLoad(...others: string[]): Promise<{ nodes: Nodes; load: NodesLoad }> {
    const nodes = await Nodes.start([cluster.primaryUrl, cluster.primaryUrl, ...others], directory);
    const load = new NodesLoad({ demo: nodes.demo, addresses: nodes.addresses });
    load.start();
    await load.answered(SOME);
    return { nodes, load };
  }

  async function expectNothingLost(load: NodesLoad, nodes: Nodes): Promise<void> {
    await load.answered(SOME);
    await load.stop();
    for (const address of nodes.addresses.slice(0, 2)) {
      expect(await load.judge(address)).toEqual([]);
    }
    expect([...load.failures.keys()].every((name) => /^(UNAVAILABLE|DEADLINE_EXCEEDED)/.test(name))).toBe(true);
    // biome-ignore lint/suspicious/noConsole: a figure for the documents.
    console.info(load.summary);
  }

  it(
    'lose nothing when the leader is killed',
    async () => {
      const { nodes, load } = await startLoad();
      await using _nodes = nodes;
      const leader = await cluster.leader();
      await cluster.killNode(leader);
      await cluster.waitForLeader(leader);
      await expectNothingLost(load, nodes);
      await cluster.restartNode(leader);
      await cluster.waitUntilHealthy();
    },
    MAX_DURATION_MS,
  );

  it(
    'lose nothing and never vouch for the dead when only the leader’s Patroni is killed',
    async () => {
      const leader = await cluster.leader();
      // The third node does what the documents forbid: it connects past HAProxy, and so stays with the zombie.
      const { nodes, load } = await startLoad(cluster.directUrl(leader));
      await using _nodes = nodes;
      using client = clientOf(nodes.demo, nodes.addresses[0] as string);
      const witness = await client.issueToClient(nodes.demo.admin);
      await cluster.killPatroniOnly(leader);
      await cluster.waitForLeader(leader);
      await load.answered(SOME);
      await client.revokeToken(witness.accessToken);

      // The control: the zombie would still say that the token lives.
      const family = Buffer.from(bytesOfFamily(witness.familyId)).toString('hex');
      const sql = `SELECT pg_is_in_recovery(), revoked_revision IS NULL FROM family WHERE family_id = '\\x${family}'`;
      expect(await psql(cluster.directUrl(leader), sql)).toBe('f|t');
      using direct = clientOf(nodes.demo, nodes.addresses[2] as string);
      await expect(direct.introspect(witness.accessToken)).rejects.toMatchObject({ status: 'UNAVAILABLE' });
      await expectNothingLost(load, nodes);
      await cluster.restartNode(leader);
      await cluster.waitUntilHealthy();
    },
    MAX_DURATION_MS,
  );

  it(
    'lose nothing and never vouch for the dead when the leader is cut off, and when it comes back',
    async () => {
      const leader = await cluster.leader();
      const { nodes, load } = await startLoad();
      await using _nodes = nodes;
      using client = clientOf(nodes.demo, nodes.addresses[0] as string);
      const witness = await client.issueToClient(nodes.demo.admin);
      const digest = Buffer.from(digestOf(witness.accessToken)).toString('hex');
      const { familyId } = witness;
      const asked = [nodes.demo.tenant_id, familyId, digest];
      const script = ['test/patroni/insider.ts', cluster.directUrl(leader), ...asked];
      const insider = cluster.runIn(leader, process.execPath, script, { stdio: ['ignore', 'pipe', 'inherit'] });
      const said: { at: bigint; lives: boolean | null }[] = [];
      createInterface(insider.stdout as Readable).on('line', (line) => {
        const { at, lives } = JSON.parse(line) as { at: string; lives: boolean | null };
        said.push({ at: BigInt(at), lives });
      });
      await waitUntil(
        { what: 'the insider', timeoutMs: PATIENCE_MS, logs: cluster.logs },
        async () => said.length > 10,
      );

      cluster.isolate(leader);
      const isolated = process.hrtime.bigint();
      await cluster.waitForLeader(leader);
      await load.answered(SOME);
      await client.revokeToken(witness.accessToken);
      const revoked = process.hrtime.bigint();
      cluster.heal(leader);
      await cluster.waitUntilHealthy();
      insider.kill('SIGKILL');

      expect(said.some(({ at, lives }) => lives === true && at < isolated)).toBe(true);
      expect(said.some(({ at, lives }) => lives === null && at > isolated && at < revoked)).toBe(true);
      expect(said.filter(({ at, lives }) => lives === true && at > revoked)).toEqual([]);
      await expectNothingLost(load, nodes);
    },
    MAX_DURATION_MS,
  );
});
