/** A node, and then the database, is killed by SIGKILL while clients of several nodes write; nothing that was answered is lost. */
import { describe, expect, it } from 'vitest';
import { PostgresServer } from '../postgres.ts';
import type { ServerProcess } from '../process/server-process.ts';
import { Nodes } from './cluster.ts';
import { NodesLoad } from './load.ts';

const ROUNDS = Number(process.env.SYMBOLON_KILL_ROUNDS ?? 2);
const SOME = 300;
const MAX_DURATION_MS = 180_000 + ROUNDS * 60_000;

describe('a node that is killed while it writes', () => {
  it(
    'takes nothing with it that was answered, and its clients go on with another',
    async () => {
      await using server = await PostgresServer.start();
      const store = server.urlOf(await server.createDatabase());
      await using nodes = await Nodes.start([store, store, store]);
      const load = new NodesLoad({ demo: nodes.demo, addresses: nodes.addresses });
      load.start();
      await load.answered(SOME);
      for (const victim of nodes.servers.slice(1)) {
        process.kill(victim.pid, 'SIGKILL');
        await load.answered(SOME);
      }
      await load.stop();

      expect(load.failures.size).toBeGreaterThan(0);
      expect(await load.judge((nodes.servers[0] as ServerProcess).grpcAddress)).toEqual([]);
    },
    MAX_DURATION_MS,
  );
});

describe('a PostgreSQL that is killed while it is written', () => {
  it(
    `still knows every answer after each of ${ROUNDS} kills, and the nodes are back when it is`,
    async () => {
      await using server = await PostgresServer.start();
      const store = server.urlOf(await server.createDatabase());
      await using nodes = await Nodes.start([store, store]);
      const load = new NodesLoad({ demo: nodes.demo, addresses: nodes.addresses });
      load.start();
      for (let round = 0; round < ROUNDS; round++) {
        await load.answered(SOME);
        await server.kill();
        await server.run();
        await load.answered(SOME);
      }
      await load.stop();

      // biome-ignore lint/suspicious/noConsole: how soon they were back is a figure for the documents.
      console.info(load.summary);
      expect([...load.failures.keys()].every((name) => name.startsWith('UNAVAILABLE'))).toBe(true);
      expect(load.ledger.unanswered).toBeGreaterThan(0);
      for (const address of nodes.addresses) {
        expect(await load.judge(address)).toEqual([]);
      }
    },
    MAX_DURATION_MS,
  );

  it('is found out by the judge when it forgets a commit: the control', async () => {
    await using server = await PostgresServer.start();
    const database = await server.createDatabase();
    const store = server.urlOf(database);
    await using nodes = await Nodes.start([store, store]);
    const load = new NodesLoad({ demo: nodes.demo, addresses: nodes.addresses });
    load.start();
    await load.answered(SOME);
    await load.stop();

    // What a primary would have lost that did not wait for its disk or its replica.
    const admin = await server.connect(database);
    const one = (condition: string) => `family_id = (SELECT family_id FROM family WHERE ${condition} LIMIT 1)`;
    await admin.query(`DELETE FROM family WHERE ${one('revoked_revision IS NULL AND generation = 0')}`);
    await admin.query(`UPDATE family SET revoked_revision = NULL WHERE ${one('revoked_revision IS NOT NULL')}`);
    await admin.end();
    const faults = await load.judge(nodes.addresses[1] as string);
    expect(faults.filter((fault) => /^the revoked token .* is active$/.test(fault))).toHaveLength(1);
    expect(faults.length).toBeGreaterThan(2);
  });
});
