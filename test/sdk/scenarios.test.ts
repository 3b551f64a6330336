/** One behaviour, in every language: each scenario with each SDK. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_OPENSSL } from '../process/tls-files.ts';
import { MAX_DURATION_MS } from '../stubs/tools.ts';
import { temporaryDirectory } from '../support.ts';
import { Drivers } from './drivers.ts';
import EXPECTED_FAILURES from './expected-failures.json' with { type: 'json' };
import { canRun, LANGUAGES } from './languages.ts';
import { replay, SCENARIOS } from './replay/replay.ts';
import { RealServer } from './replay/servers.ts';

const REASONS: Readonly<Record<string, string>> = EXPECTED_FAILURES;
const PLAYABLE = SCENARIOS.filter(({ server }) => server !== 'tls' || HAS_OPENSSL || process.env.SYMBOLON_CI === '1');
const NAMES = Object.keys(LANGUAGES).flatMap((language) => SCENARIOS.map(({ name }) => `${language}: ${name}`));

let shared: RealServer;
beforeAll(async () => {
  shared = await RealServer.started();
});
afterAll(() => shared[Symbol.asyncDispose]());

it('names each scenario once, and expects failures of these only, each with a reason', () => {
  expect(new Set(NAMES).size).toBe(NAMES.length);
  expect(Object.keys(REASONS).filter((name) => !NAMES.includes(name))).toEqual([]);
  expect(Object.values(REASONS).filter((reason) => reason.trim() === '')).toEqual([]);
});

if (PLAYABLE.length < SCENARIOS.length) {
  // biome-ignore lint/suspicious/noConsole: who runs the tests must see that they did not run, and why.
  console.warn('scenarios over TLS are not played: there is no openssl');
}

for (const [language, how] of Object.entries(LANGUAGES)) {
  describe.skipIf(!canRun(language, how))(language, () => {
    const directory = temporaryDirectory();
    const drivers = new Drivers(how, directory.path);
    beforeAll(() => drivers.build(), MAX_DURATION_MS);
    afterAll(async () => {
      await drivers[Symbol.asyncDispose]();
      directory.remove();
    });

    it.concurrent.for(PLAYABLE)(`${language}: $name`, async (scenario, { expect: expectOfThis }) => {
      const outcome = drivers.use((driver) => replay(scenario, driver, shared));
      const reason = REASONS[`${language}: ${scenario.name}`];
      await (reason === undefined ? outcome : expectOfThis(outcome, `it passes: ${reason}`).rejects.toThrow());
    });
  });
}
