/**
 * Checks everything: what the tests do, what takes longer, and what does not end. `node test/models/whole.ts` needs 6 GiB and about half
 * an hour on one core.
 */
import { ASSERTIONS, CONTROLS, ENDLESS, LARGE, LONGER, RIGHT, runOf } from './runs.ts';
import { check, type Outcome, type Run } from './spin.ts';

let isAsExpected = true;

async function expectOf(run: Run, isRight: (outcome: Outcome) => boolean): Promise<void> {
  const began = performance.now();
  const outcome = await check(run);
  const seconds = Math.round((performance.now() - began) / 1_000);
  const word = isRight(outcome) ? 'as expected' : 'NOT AS EXPECTED';
  isAsExpected &&= isRight(outcome);
  const found = outcome.violated === undefined ? '' : `, ${outcome.violated} fails after ${outcome.steps} steps`;
  const scope = outcome.complete ? 'all ' : '';
  process.stdout.write(`${word}: ${run.name}: ${scope}${outcome.states} states${found}, ${seconds} s\n`);
}

for (const run of [...RIGHT, ...LARGE]) {
  await expectOf(run, ({ complete }) => complete);
}
for (const run of ENDLESS) {
  await expectOf(run, ({ violated, states }) => violated === undefined && states > 0);
}
for (const control of [...CONTROLS, ...LONGER]) {
  const { breaks, steps } = control;
  await expectOf(runOf(control), (found) => ASSERTIONS[breaks].test(found.violated ?? '') && found.steps === steps);
}
process.exitCode = isAsExpected ? 0 : 1;
