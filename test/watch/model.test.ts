/** The registry and the barrier against a world of verifiers; and what looks right and is not, which must be found. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_WAIT_MS } from '../../src/core/verifiers.ts';
import { MEMBERS, type Mistake, type Step, VERIFIERS, World } from './world.ts';

const VERIFIER = fc.nat({ max: VERIFIERS - 1 });
const MEMBER = fc.nat({ max: MEMBERS - 1 });

const ON_STREAM = fc.constantFrom('heartbeat', 'arrive', 'read', 'deliver', 'lose', 'arrive late');
/** A stream that works: the heartbeat goes up and is answered. */
const ANSWERED = ['heartbeat', 'arrive', 'read', 'deliver'] as const;

const STEPS: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 600 }).map((ms): Step[] => [{ step: 'pass', ms }]) },
  { weight: 2, arbitrary: fc.constant<Step[]>([{ step: 'revoke' }]) },
  {
    weight: 2,
    arbitrary: fc
      .record({ step: fc.constant('connect' as const), verifier: VERIFIER, member: MEMBER })
      .map((step) => [step]),
  },
  { weight: 4, arbitrary: fc.record({ step: ON_STREAM, verifier: VERIFIER }).map((step) => [step]) },
  { weight: 4, arbitrary: VERIFIER.map((verifier) => ANSWERED.map((step): Step => ({ step, verifier }))) },
  { weight: 1, arbitrary: MEMBER.map((member): Step[] => [{ step: 'crash', member }]) },
);

/** Runs histories until one goes wrong; always the same ones. */
async function search(numRuns: number, mistake?: Mistake) {
  const seen = { early: 0, longest: 0 };
  const property = fc.asyncProperty(fc.array(STEPS, { maxLength: 40 }), async (parts) => {
    const world = new World(mistake);
    for (const step of parts.flat()) {
      await world.take(step);
      if (!world.isRight) {
        return false;
      }
    }
    seen.early += world.early;
    seen.longest = Math.max(seen.longest, world.longest);
    return true;
  });
  const { failed } = await fc.check(property, { numRuns, seed: 12, endOnFailure: true });
  return { failed, ...seen };
}

describe('the answer of a barrier', () => {
  it('comes when no verifier may say active any more, and in time', async () => {
    const { failed, early, longest } = await search(3_000);
    expect(failed).toBe(false);
    expect(longest).toBeCloseTo(MAX_WAIT_MS);
    expect(early).toBeGreaterThan(1_000);
  });

  it.each<Mistake>(['waits B', 'forgets who closed', 'asks its own member only', 'forgets a member that was lost'])(
    'comes too soon where it %s',
    async (mistake) => {
      const { failed } = await search(30_000, mistake);
      expect(failed).toBe(true);
    },
  );
});
