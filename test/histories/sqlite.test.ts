/** Sixteen clients of one server on SQLite; and what the judge says of histories that no right server gives. */
import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Nodes } from '../nodes/cluster.ts';
import { Judge } from './judge.ts';
import { play } from './play.ts';
import { describePower, expectAlteredRejected, expectRightHistory, FAULTS, someSeed } from './proof.ts';

const LOGINS = 16;
const MAX_DURATION_MS = 240_000;
const judge = await Judge.find();
afterAll(() => judge?.[Symbol.dispose]());

describe.skipIf(judge === undefined)('histories of a server on SQLite', { timeout: MAX_DURATION_MS }, () => {
  const theJudge = judge as Judge;

  it.each([1, 2])('have an order that explains every answer, with %i workers', async (workers) => {
    await using nodes = await Nodes.start(['sqlite'], undefined, workers);
    await expectRightHistory(theJudge, nodes, { seed: someSeed(), logins: LOGINS });
  });

  it('have one when the server is killed and started again in the middle', async () => {
    await using nodes = await Nodes.start(['sqlite'], undefined, 2);
    await expectRightHistory(theJudge, nodes, { seed: someSeed(), logins: LOGINS, kill: true });
  });
});

describe.skipIf(judge === undefined)('a history that no right server gives', { timeout: MAX_DURATION_MS }, () => {
  const theJudge = judge as Judge;
  const short = () => ({ seed: someSeed(), logins: 12, calm: true });

  it('is rejected when it is a real one with one answer altered', async () => {
    await using nodes = await Nodes.start(['sqlite']);
    const played = await play(nodes, short());
    await expectAlteredRejected(theJudge, played);
    // biome-ignore lint/suspicious/noConsole: a figure for the documents.
    console.info(await describePower(theJudge, played));
  });

  it.each(Object.entries(FAULTS))('is rejected when it comes of %s', async (_, through) => {
    await using nodes = await Nodes.start(['sqlite']);
    const { history } = await play(nodes, { ...short(), through });
    const faults = await theJudge.faultsOf(history, 0);
    const page = faults
      .map((fault) => /no order explains .*: (\/.*)$/.exec(fault)?.[1])
      .find((path) => path !== undefined);
    expect(page).toBeDefined();
    expect(existsSync(page as string)).toBe(true);
    rmSync(dirname(page as string), { recursive: true });
  });
});
