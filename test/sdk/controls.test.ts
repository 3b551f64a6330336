/** The scenarios find verifiers and logins that are wrong: copies of the SDK in TypeScript, each with one thing changed. */
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../process/program.ts';
import { temporaryDirectory } from '../support.ts';
import { Drivers } from './drivers.ts';
import { LANGUAGES } from './languages.ts';
import { replay, SCENARIOS } from './replay/replay.ts';
import { SharedServers } from './replay/servers.ts';
import { changeFiles } from './typescript/model/mutants.ts';
import { WRONG_LOGINS } from './wrong-logins.ts';
import { WRONG_VERIFIERS } from './wrong-verifiers.ts';

/** What is never said is not waited for as long as elsewhere: that it is not said is a finding too. */
const PATIENCE_MS = 5_000;
/** Far longer than a machine is busy with what begins. */
const MAX_PLAYED_MS = 120_000;
const MAX_DURATION_MS = MAX_PLAYED_MS + 120_000;
const SDK = 'sdk/typescript';

const directory = temporaryDirectory();
const shared = new SharedServers();
afterAll(async () => {
  await shared[Symbol.asyncDispose]();
  directory.remove();
});

const WRONG = [
  ...WRONG_VERIFIERS.map((wrong) => ({ ...wrong, folder: 'server/src/core' })),
  ...WRONG_LOGINS.map((wrong) => ({ ...wrong, folder: 'client/src' })),
];

/** A copy of the SDK with these changes in one of its folders; where it is. */
function copyOf(name: string, inFolder: string, changes: Parameters<typeof changeFiles>[1]): string {
  const room = join(directory.path, name.replaceAll(' ', '-'));
  const copy = join(room, SDK);
  mkdirSync(room);
  for (const shared of ['gen', 'node_modules']) {
    symlinkSync(join(ROOT, shared), join(room, shared));
  }
  cpSync(join(ROOT, SDK), copy, { recursive: true });
  changeFiles(join(copy, inFolder), changes);
  return `${pathToFileURL(copy).href}/`;
}

/**
 * What a scenario fails with. A verifier that a busy machine keeps closed says nothing wrong, whatever is wrong with it, so one that
 * passes is played again.
 */
async function firstFailure(play: () => Promise<void>): Promise<string> {
  const begun = performance.now();
  while (performance.now() - begun < MAX_PLAYED_MS) {
    try {
      await play();
    } catch (error) {
      return (error as Error).message;
    }
  }
  return 'it passes each time';
}

describe.concurrent('a verifier or a login that is wrong fails a scenario', () => {
  it.for(WRONG)(
    '$name',
    { timeout: MAX_DURATION_MS },
    async ({ name, folder, changes, foundBy }, { expect: expectOfThis }) => {
      const scenario = SCENARIOS.find((each) => each.name === foundBy);
      const { typescript } = LANGUAGES;
      if (scenario === undefined || typescript === undefined) {
        expect.fail(`there is no scenario of this name any more: ${foundBy}`);
      }
      const sdk = copyOf(name, folder, changes);
      await using drivers = new Drivers(typescript, directory.path, { SYMBOLON_TEST_SDK: sdk });
      const outcome = await firstFailure(() =>
        drivers.use((driver) => replay(scenario, driver, shared, { patienceMs: PATIENCE_MS, more: drivers })),
      );
      expectOfThis(outcome).toMatch(/past the bound|waited in vain|must /);
    },
  );
});
