/** What one run does. */
import fc from 'fast-check';

export type Action =
  | { readonly kind: 'look up'; readonly verifier: number; readonly token: number }
  | { readonly kind: 'revoke'; readonly scope: Scope; readonly token: number; readonly waits: boolean }
  | { readonly kind: 'cut'; readonly verifier: number; readonly isServerFirst: boolean }
  | { readonly kind: 'crash'; readonly member: number }
  | { readonly kind: 'purge' }
  | { readonly kind: 'leap' }
  | { readonly kind: 'refresh'; readonly token: number }
  | { readonly kind: 'issue'; readonly token: number; readonly lifeMs: number }
  | { readonly kind: 'clock'; readonly verifier: number; readonly ms: number };

export type Scope = 'family' | 'subject' | 'client' | 'consent' | 'tenant' | 'unknown';

export interface Plan {
  /** Whether clocks stand still and machines sleep, or are set to another time. Both at once is beyond any protocol. */
  readonly clocks: 'sleep' | 'steps';
  /** How fast the clocks of the server and the verifiers go. */
  readonly rates: readonly number[];
  readonly members: number;
  /** How much a verifier remembers of what ended. */
  readonly maxKilled: number;
  /** How long each thing takes, in turn. */
  readonly delays: readonly number[];
  readonly actions: readonly { readonly after: number; readonly action: Action }[];
}

/** A bit more than chrony slews by. 1 is right. */
const RATE = fc.constantFrom(0.92, 1, 1, 1.08);
const QUICK = [0, 1, 3, 10, 25];
const DELAY = fc.constantFrom(...QUICK, ...QUICK, ...QUICK, ...QUICK, 60, 200, 500, 800, 1_150, 1_600);

const verifier = fc.nat({ max: 1 });
const token = fc.nat({ max: 7 });

const ACTION: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('look up' as const), verifier, token }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('revoke' as const),
      scope: fc.constantFrom<Scope>('family', 'family', 'subject', 'client', 'consent', 'tenant', 'unknown'),
      token,
      waits: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), verifier, isServerFirst: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), member: fc.nat({ max: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('purge' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leap' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refresh' as const), token }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('issue' as const),
      token,
      lifeMs: fc.constantFrom(700, 1_500, 100_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('clock' as const),
      verifier,
      ms: fc.constantFrom(-5_000, -1_000, -50, 700, 3_000, 10_000),
    }),
  },
);

export const PLAN: fc.Arbitrary<Plan> = fc.record({
  clocks: fc.constantFrom('sleep' as const, 'steps' as const),
  rates: fc.array(RATE, { minLength: 3, maxLength: 3 }),
  members: fc.constantFrom(1, 2),
  maxKilled: fc.constantFrom(1, 2, 100),
  delays: fc.array(DELAY, { minLength: 24, maxLength: 24 }),
  actions: fc.array(fc.record({ after: fc.constantFrom(0, 0, 0, 5, 30, 100, 300, 900), action: ACTION }), {
    minLength: 4,
    maxLength: 16,
    size: 'max',
  }),
});
