/** One behaviour, in every language: each scenario with each SDK. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_OPENSSL } from '../process/tls-files.ts';
import { MAX_DURATION_MS } from '../stubs/tools.ts';
import { temporaryDirectory } from '../support.ts';
import { Drivers } from './drivers.ts';
import EXPECTED_FAILURES from './expected-failures.json' with { type: 'json' };
import { canRun, LANGUAGES, playedOf } from './languages.ts';
import { replay, SCENARIOS } from './replay/replay.ts';
import { SharedServers } from './replay/servers.ts';

const REASONS: Readonly<Record<string, string>> = EXPECTED_FAILURES;
const PLAYABLE = SCENARIOS.filter(({ server }) => server !== 'tls' || HAS_OPENSSL || process.env.SYMBOLON_CI === '1');
const PLAYED = Object.entries(LANGUAGES).flatMap(([name, language]) => Object.keys(playedOf(name, language)));
const NAMES = PLAYED.flatMap((played) => SCENARIOS.map(({ name }) => `${played}: ${name}`));

const shared = new SharedServers();
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

function tellTime(what: string, begun: number): void {
  // biome-ignore lint/suspicious/noConsole: who runs the tests wants to know what they wait for.
  console.info(`scenarios: ${what} in ${Math.round((performance.now() - begun) / 1_000)} s`);
}

for (const [language, how] of Object.entries(LANGUAGES)) {
  describe.skipIf(!canRun(language, how))(language, () => {
    const directory = temporaryDirectory();
    beforeAll(async () => {
      const begun = performance.now();
      await new Drivers(how, directory.path).build();
      tellTime(`the driver in ${language} was built`, begun);
    }, MAX_DURATION_MS);
    afterAll(() => directory.remove());

    for (const [played, env] of Object.entries(playedOf(language, how))) {
      describe(played, () => {
        const drivers = new Drivers(how, directory.path, env);
        let begun = 0;
        beforeAll(() => {
          begun = performance.now();
        });
        afterAll(async () => {
          await drivers[Symbol.asyncDispose]();
          tellTime(`${PLAYABLE.length} were played for ${played}`, begun);
        });

        it.concurrent.for(PLAYABLE)(`${played}: $name`, async (scenario, { expect: expectOfThis }) => {
          const outcome = drivers.use(
            (driver) => replay(scenario, driver, shared, { more: drivers }),
            scenario.in_new_process,
          );
          const reason = REASONS[`${played}: ${scenario.name}`];
          await (reason === undefined ? outcome : expectOfThis(outcome, `it passes: ${reason}`).rejects.toThrow());
        });
      });
    }
  });
}
