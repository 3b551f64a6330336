/** A login that one SDK began another one goes on with: each scenario of two processes, with a driver of each language in either place. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { MAX_DURATION_MS } from '../stubs/tools.ts';
import { temporaryDirectory } from '../support.ts';
import { Drivers } from './drivers.ts';
import { canRun, LANGUAGES } from './languages.ts';
import { replay, SCENARIOS } from './replay/replay.ts';
import { SharedServers } from './replay/servers.ts';

const NAMES = Object.keys(LANGUAGES).filter((name) => canRun(name, languageOf(name)));
const PAIRS = NAMES.flatMap((one) => NAMES.filter((other) => other !== one).map((other) => ({ one, other })));
/** In which another process takes part. */
const OF_TWO = SCENARIOS.filter(({ steps }) => steps.some((step) => step.in !== undefined));

function languageOf(name: string) {
  const language = LANGUAGES[name];
  if (language === undefined) {
    throw new Error(`there is no language ${name}`);
  }
  return language;
}

describe('logins pass from one SDK to another', () => {
  const directories = NAMES.map((name) => ({ name, ...temporaryDirectory() }));
  const drivers = new Map(directories.map(({ name, path }) => [name, new Drivers(languageOf(name), path)]));
  const shared = new SharedServers();
  beforeAll(async () => {
    for (const each of drivers.values()) {
      await each.build();
    }
  }, MAX_DURATION_MS);
  afterAll(async () => {
    await Promise.all([...drivers.values()].map((each) => each[Symbol.asyncDispose]()));
    await shared[Symbol.asyncDispose]();
    for (const { remove } of directories) {
      remove();
    }
  });

  describe.each(PAIRS)('from $one to $other', ({ one, other }) => {
    it.concurrent.for(OF_TWO)('$name', async (scenario) => {
      await drivers.get(one)?.use((driver) => replay(scenario, driver, shared, { more: drivers.get(other) }));
    });
  });
});
