/** Sixteen clients of two nodes on one PostgreSQL. */
import { afterAll, describe, it } from 'vitest';
import { Nodes } from '../nodes/cluster.ts';
import { PostgresServer } from '../postgres.ts';
import { Judge } from './judge.ts';
import { expectRightHistory, someSeed } from './proof.ts';

const LOGINS = 16;
const MAX_DURATION_MS = 240_000;
const judge = await Judge.find();
afterAll(() => judge?.[Symbol.dispose]());

describe.skipIf(judge === undefined)('histories of two nodes on PostgreSQL', { timeout: MAX_DURATION_MS }, () => {
  const theJudge = judge as Judge;

  it.each([
    ['have an order that explains every answer', false],
    ['have one when a node is killed and started again in the middle', true],
  ])('%s', async (_, kill) => {
    await using server = await PostgresServer.start();
    const store = server.urlOf(await server.createDatabase());
    await using nodes = await Nodes.start([store, store]);
    await expectRightHistory(theJudge, nodes, { seed: someSeed(), logins: LOGINS, kill });
  });
});
