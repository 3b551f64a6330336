/** The protocol of the watch, the verifier and the barrier as it is: no state that can be reached breaks what it promises. */
import { describe, expect, it } from 'vitest';
import { RIGHT } from './runs.ts';
import { check, MAX_DURATION_MS, whyNoSpin } from './spin.ts';

const missing = whyNoSpin();
if (missing !== undefined) {
  it.skip(`no model is checked: ${missing}`, () => undefined);
}
const whole = missing === undefined ? describe : () => undefined;

whole('a model holds', { timeout: MAX_DURATION_MS }, () => {
  it.each(RIGHT)('$name', async (run) => {
    const { complete, said } = await check(run);
    expect(complete, said).toBe(true);
  });
});
