/** The scenarios find verifiers that are wrong: copies of the SDK in TypeScript, each with one thing changed as the model's mutants have it. */
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../process/program.ts';
import { temporaryDirectory } from '../support.ts';
import { Drivers } from './drivers.ts';
import { LANGUAGES } from './languages.ts';
import { replay, SCENARIOS } from './replay/replay.ts';
import { RealServer } from './replay/servers.ts';
import { changeFiles, MUTANTS } from './typescript/model/mutants.ts';

/** What is never said is not waited for as long as elsewhere: that it is not said is a finding too. */
const PATIENCE_MS = 5_000;
const SDK = 'sdk/typescript';

/** Of the model: which scenario finds it. */
const FOUND_BY: Readonly<Record<string, string>> = {
  'freshness from the receipt of an answer': 'a line that is slower than the bound: what it brings is too old to count',
  'an answer is kept without a look at what ended since':
    'read, then ended by an event of a family, then answered: it is not kept',
  'neither floor nor generation after beginning afresh':
    'read, then a stream begins afresh, then answered: it is not kept',
  'beginning afresh keeps the entries': 'a store that was restored from a backup: nothing of before is live',
  'events are not counted': 'messages that count wrongly: the stream is begun afresh',
  'an event that is not known is passed over': 'an event of an unknown kind ends all that is kept',
  'consent ends nothing that is kept': 'a user withdraws a client: the tokens of both end, and no others',
  'joining a call that was sent earlier': 'a check joins no call that is under way',
  'no look at the clock on the wall': 'a machine that slept for an hour wakes with nothing that counts',
  'what is left of a token is not looked at': 'a token is kept for no longer than it has to live',
  'entries have no greatest age': 'a token is kept for no longer than a minute',
};

const directory = temporaryDirectory();
let shared: RealServer;
beforeAll(async () => {
  shared = await RealServer.started();
});
afterAll(async () => {
  await shared[Symbol.asyncDispose]();
  directory.remove();
});

/** A copy of the SDK with these changes to its core; its folder. */
function copyOf(name: string, changes: Parameters<typeof changeFiles>[1]): string {
  const room = join(directory.path, name.replaceAll(' ', '-'));
  const copy = join(room, SDK);
  mkdirSync(room);
  for (const shared of ['gen', 'node_modules']) {
    symlinkSync(join(ROOT, shared), join(room, shared));
  }
  cpSync(join(ROOT, SDK), copy, { recursive: true });
  changeFiles(join(copy, 'server/src/core'), changes);
  return `${pathToFileURL(copy).href}/`;
}

describe.concurrent('a verifier that is wrong fails a scenario', () => {
  it.for(Object.entries(FOUND_BY))('%s', async ([name, found], { expect: expectOfThis }) => {
    const mutant = MUTANTS.find((each) => each.name === name);
    const scenario = SCENARIOS.find((each) => each.name === found);
    const { typescript } = LANGUAGES;
    if (mutant?.changes === undefined || scenario === undefined || typescript === undefined) {
      expect.fail(`there is no mutant or no scenario of this name any more: ${name}: ${found}`);
    }
    const sdk = copyOf(name, mutant.changes);
    await using drivers = new Drivers(typescript, directory.path, { SYMBOLON_TEST_SDK: sdk });
    const outcome = drivers.use((driver) => replay(scenario, driver, shared, PATIENCE_MS));
    await expectOfThis(outcome).rejects.toThrow(/past the bound|waited in vain|must (say|ask)/);
  });
});
