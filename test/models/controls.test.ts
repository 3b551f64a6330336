/** What looks as good as the protocol and is not. Each is found, by its own assertion; the same run without it is right (`right.test.ts`). */
import { describe, expect, it } from 'vitest';
import { ASSERTIONS, CONTROLS, RIGHT, runOf } from './runs.ts';
import { check, MAX_DURATION_MS, whyNoSpin } from './spin.ts';

const missing = whyNoSpin();
if (missing !== undefined) {
  it.skip(`no model is checked: ${missing}`, () => undefined);
}
const whole = missing === undefined ? describe : () => undefined;

whole('it is found that', { timeout: MAX_DURATION_MS }, () => {
  it.each(CONTROLS)('$name', async (control) => {
    const { violated, steps, said } = await check(runOf(control));
    expect(violated, said).toMatch(ASSERTIONS[control.breaks]);
    expect(steps).toBe(control.steps);
  });
});

it('each control is one of a run that is checked to be right', () => {
  expect(CONTROLS.filter(({ of }) => !RIGHT.includes(of))).toEqual([]);
});
