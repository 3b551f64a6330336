import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Asks } from '../../../../sdk/typescript/server/src/core/asks.ts';
import { VerifierState } from '../../../../sdk/typescript/server/src/core/state.ts';
import { importCore, MUTANTS } from './mutants.ts';
import { PLAN } from './plan.ts';
import { type Options, run } from './run.ts';
import type { Core } from './verifier.ts';

/** The same runs for the core as it is and for each copy that has something wrong. More or others: SYMBOLON_MODEL_RUNS, SYMBOLON_MODEL_SEED. */
const RUNS = Number(process.env.SYMBOLON_MODEL_RUNS ?? 2_000);
const SEED = Number(process.env.SYMBOLON_MODEL_SEED ?? 20_260);

const check = (core: Core, options: Options, numRuns = RUNS, onHits = (_: number) => {}) =>
  fc.check(
    fc.property(PLAN, (plan) => onHits(run(plan, core, options))),
    { seed: SEED, numRuns, endOnFailure: true },
  );

describe('a verifier between clocks, lines and servers as they are', { timeout: 30 * RUNS }, () => {
  it('never says active when it must not', () => {
    let hits = 0;
    const { failed, errorInstance, counterexample } = check(
      { VerifierState, Asks },
      { inspects: true },
      RUNS,
      (some) => {
        hits += some;
      },
    );
    expect(failed, `${(errorInstance as Error | null)?.stack}\n${JSON.stringify(counterexample)}`).toBe(false);
    // It would never say so either if memory answered nothing.
    expect(hits).toBeGreaterThan(20 * RUNS);
  });

  it.for(MUTANTS)('is seen to be wrong: $name', async (mutant) => {
    const core = mutant.changes === undefined ? { VerifierState, Asks } : await importCore(mutant);
    // Ends at the first failure, after some hundred runs at most.
    const { failed, errorInstance, numRuns } = check(core, { faults: mutant.faults ?? {}, inspects: false }, 4 * RUNS);
    if (process.env.SYMBOLON_MODEL_TELL) {
      process.stderr.write(`${mutant.name}: ${numRuns} runs: ${(errorInstance as Error | null)?.message}\n`);
    }
    expect(failed).toBe(true);
    expect((errorInstance as Error).message).toMatch(/^(P1|P2|age|expiry): /);
  });
});
