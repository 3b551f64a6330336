/** The judge itself: small histories, each of which a careless server could give, and right ones beside them. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Input, Operation, Output } from './history.ts';
import { Judge } from './judge.ts';

const judge = await Judge.find();
afterAll(() => judge?.[Symbol.dispose]());

/** A call and its answer; undefined: the outcome is unknown. */
type Call = readonly [Input, Output | undefined];

const pairOf = (generation: number, pair = generation): Output => ({ kind: 'pair', pair, generation });
const DONE: Output = { kind: 'done' };
const REFUSED: Output = { kind: 'refused' };
const INACTIVE: Output = { kind: 'inactive' };

const issued = (pair = 0): Call => [{ kind: 'issue' }, pairOf(0, pair)];
const refreshed = (generation: number, output: Output | undefined, pair = generation): Call => [
  { kind: 'refresh', pair, generation },
  output,
];
const introspected = (generation: number, output: Output | undefined, pair = generation): Call => [
  { kind: 'introspect', pair, generation },
  output,
];
const activeOf = (generation: number): Output => ({ kind: 'active', pair: generation, generation });
const said = (kind: Input['kind'], output: Output | undefined = DONE): Call => [{ kind }, output];
const unknown = (kind: Input['kind']): Call => [{ kind }, undefined];

/** One after the other, but for those whose outcome is unknown. */
function inTurn(calls: readonly Call[]): Operation[] {
  return calls.map(([input, output], i) => {
    const end = output === undefined ? null : 2 * i + 1;
    return { client: i, family: 0, call: 2 * i, return: end, input, output: output ?? null };
  });
}

/** All of them at once. */
function atOnce(calls: readonly Call[], from: number): Operation[] {
  return inTurn(calls).map((operation, i) => ({ ...operation, call: from + i, return: from + calls.length + i }));
}

const CASES: Record<string, { readonly right: readonly Call[]; readonly wrong: readonly Call[] }> = {
  'active after an answered Revoke': {
    right: [issued(), introspected(0, activeOf(0)), said('revoke'), introspected(0, INACTIVE)],
    wrong: [issued(), said('revoke'), introspected(0, activeOf(0))],
  },
  'active after a Revoke that took place, whatever its caller was told': {
    right: [issued(), unknown('revoke'), introspected(0, activeOf(0)), introspected(0, INACTIVE)],
    wrong: [issued(), unknown('revoke'), introspected(0, INACTIVE), introspected(0, activeOf(0))],
  },
  'two different pairs from one refresh token': {
    right: [issued(), refreshed(0, pairOf(1)), refreshed(0, pairOf(1))],
    wrong: [issued(), refreshed(0, pairOf(1)), refreshed(0, pairOf(1, 7))],
  },
  'a second pair from a refresh token whose first answer was lost': {
    right: [issued(), refreshed(0, undefined), refreshed(0, pairOf(1)), introspected(1, activeOf(1))],
    wrong: [issued(), refreshed(0, undefined), refreshed(0, pairOf(2)), introspected(2, activeOf(2))],
  },
  'an old refresh token that is no theft': {
    right: [issued(), refreshed(0, pairOf(1)), refreshed(1, pairOf(2)), refreshed(0, REFUSED), refreshed(2, REFUSED)],
    wrong: [issued(), refreshed(0, pairOf(1)), refreshed(1, pairOf(2)), refreshed(0, REFUSED), refreshed(2, pairOf(3))],
  },
  'an old refresh token that is taken': {
    right: [issued(), refreshed(0, pairOf(1)), refreshed(1, pairOf(2)), refreshed(1, pairOf(2))],
    wrong: [issued(), refreshed(0, pairOf(1)), refreshed(1, pairOf(2)), refreshed(0, pairOf(1))],
  },
  'an answered refresh that is lost': {
    right: [issued(), refreshed(0, pairOf(1)), introspected(1, activeOf(1)), introspected(0, INACTIVE)],
    wrong: [issued(), refreshed(0, pairOf(1)), introspected(0, activeOf(0))],
  },
  'an access token that outlives its refresh': {
    right: [issued(), refreshed(0, undefined), introspected(0, activeOf(0)), introspected(0, INACTIVE)],
    wrong: [issued(), refreshed(0, undefined), introspected(0, INACTIVE), introspected(0, activeOf(0))],
  },
  'theft, though nobody had used the pair that is repeated': {
    right: [issued(), refreshed(0, pairOf(1)), introspected(1, activeOf(1)), refreshed(0, REFUSED)],
    wrong: [issued(), refreshed(0, pairOf(1)), introspected(0, INACTIVE), refreshed(0, REFUSED)],
  },
  'theft that leaves the thief’s pair alive': {
    right: [
      issued(),
      refreshed(0, pairOf(1)),
      introspected(1, activeOf(1)),
      refreshed(0, REFUSED),
      introspected(1, INACTIVE),
    ],
    wrong: [
      issued(),
      refreshed(0, pairOf(1)),
      introspected(1, activeOf(1)),
      refreshed(0, REFUSED),
      introspected(1, activeOf(1)),
    ],
  },
  'a current refresh token that is refused': {
    right: [issued(), said('revoke'), refreshed(0, REFUSED)],
    wrong: [issued(), refreshed(0, REFUSED), introspected(0, INACTIVE)],
  },
  'a login that RevokeAll leaves alive': {
    right: [issued(), said('revoke_all'), refreshed(0, REFUSED)],
    wrong: [issued(), said('revoke_all'), refreshed(0, pairOf(1))],
  },
  'a login that revives with its user': {
    right: [issued(), said('disable'), said('enable'), introspected(0, INACTIVE), said('issue', { kind: 'reused' })],
    wrong: [issued(), said('disable'), said('enable'), introspected(0, activeOf(0))],
  },
  'a login of a disabled user': {
    right: [said('disable'), said('issue', { kind: 'denied' }), said('enable'), issued()],
    wrong: [said('disable'), issued()],
  },
  'two logins by one request id': {
    right: [unknown('issue'), issued(4), issued(4), introspected(0, { kind: 'active', pair: 4, generation: 0 }, 4)],
    wrong: [issued(4), issued(5)],
  },
  'an answer that no call may get': {
    right: [issued()],
    wrong: [issued(), refreshed(0, { kind: 'failed', error: 'INTERNAL' })],
  },
};

describe.skipIf(judge === undefined)('the judge', () => {
  const resultOf = async (history: Operation[]) => (await (judge as Judge).judge(history)).families[0]?.result;

  it.each(Object.entries(CASES))('rejects %s', async (_, { right, wrong }) => {
    expect(await resultOf(inTurn(right))).toBe('Ok');
    expect(await resultOf(inTurn(wrong))).toBe('Illegal');
  });

  it('asks for an order of calls that were under way together, and rejects what has none', async () => {
    const first = inTurn([issued()]);
    const refreshes = [refreshed(0, pairOf(1)), refreshed(0, pairOf(1)), said('revoke'), refreshed(0, REFUSED)];
    expect(await resultOf([...first, ...atOnce(refreshes, 10)])).toBe('Ok');
    const [refresh, ...others] = refreshes as [Call, ...Call[]];
    expect(await resultOf([...first, ...atOnce([refresh, refreshed(0, pairOf(1, 9)), ...others], 10)])).toBe('Illegal');
    // The revoke had ended when these began.
    expect(await resultOf([...first, ...atOnce([said('revoke')], 10), ...atOnce([refresh], 20)])).toBe('Illegal');
  });

  it('keeps families apart', async () => {
    const wrong = inTurn(CASES['active after an answered Revoke']?.wrong ?? []);
    const right = inTurn(CASES['active after an answered Revoke']?.right ?? []);
    const history = [...wrong, ...right.map((operation) => ({ ...operation, family: 1 }))];
    const { families } = await (judge as Judge).judge(history);
    expect(families.map(({ result }) => result)).toEqual(['Illegal', 'Ok']);
  });

  it('rejects a revision that goes back, and an active token at the revision of its end', async () => {
    const at = (kind: Output['kind'], revision: number): Output => ({ kind, pair: 0, generation: 0, revision });
    const revisionsOf = async (calls: readonly Call[]) => (await (judge as Judge).judge(inTurn(calls))).revisions;
    const ended: Call = [{ kind: 'revoke' }, at('done', 5)];
    expect(
      await revisionsOf([issued(), introspected(0, at('active', 4)), ended, introspected(0, at('inactive', 5))]),
    ).toEqual([]);
    expect(await revisionsOf([issued(), ended, introspected(0, at('inactive', 4))])).toHaveLength(1);
    expect(await revisionsOf([issued(), introspected(0, at('active', 5)), ended])).toHaveLength(1);
  });
});
