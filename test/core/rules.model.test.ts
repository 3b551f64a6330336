/**
 * The rules of one row a login against those of a row a token, over short histories that nobody would think of. Where they differ, it is
 * for one of the reasons below, and for no other.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceIn, type Event, goingBack, histories, replacements, WINDOW_MS } from './rules-model/histories.ts';

/** Places in the list of tokens: access and refresh token of the first login, then of each refresh. */
const [R0, A1, R1, R2] = [1, 2, 3, 5];

const refresh = (token: number): Event => ({ do: 'refresh', token });
const introspect = (token: number): Event => ({ do: 'introspect', token });
const revoke = (token: number): Event => ({ do: 'revoke', token });
const wait: Event = { do: 'wait', ms: WINDOW_MS };
const lose: Event = { do: 'replace key', what: 'lost' };
const leak: Event = { do: 'replace key', what: 'leaked' };
const backUp: Event = { do: 'back up' };
const restore: Event = { do: 'restore' };

/** Each with the shortest history that shows it. */
const INTENDED: Readonly<Record<string, { readonly because: string; readonly history: readonly Event[] }>> = {
  'refresh, key lost: was theft, is refused': {
    because: 'without its key an older token proves nothing; what was presented last is known by its digest',
    history: [refresh(R0), refresh(R1), lose, refresh(R0)],
  },
  'refresh, key lost: was same pair, is refused': {
    because: 'the pair was minted with the key that is lost, and nobody can make it again',
    history: [refresh(R0), lose, refresh(R0)],
  },
  'revoke, key lost: was ended, is unproven': {
    because: '“done” would be untrue, and an error tells of the other ways',
    history: [refresh(R0), refresh(R1), leak, revoke(R0)],
  },
  'revoke, key lost: was nothing, is unproven': {
    because: 'the same, of a login that has ended',
    history: [refresh(R0), refresh(R1), revoke(R2), lose, revoke(R0)],
  },
  'revoke, of another history: was nothing, is ended': {
    because: 'its tag proves that it is of this login, though the restored store never made it',
    history: [backUp, refresh(R0), restore, revoke(A1)],
  },
  'revoke, of another history, key lost: was nothing, is unproven': {
    because: 'the same without a key',
    history: [backUp, refresh(R0), restore, lose, revoke(A1)],
  },
  'refresh, of another history: was refused, is theft': {
    because:
      'once the restored login has gone on beyond it, its tag proves an old token, and two hold tokens of the login',
    history: [backUp, refresh(R0), restore, refresh(R0), refresh(5), wait, refresh(R1)],
  },
};

describe('a difference that is intended', () => {
  it.each(Object.entries(INTENDED))('%s', async (difference, { history }) => {
    expect(await differenceIn(history)).toBe(difference);
  });
});

describe('what a lost key does not take away', () => {
  it.each<[string, readonly Event[]]>([
    ['live tokens live on', [lose, introspect(0), refresh(R0)]],
    ['the token that was presented last is theft, by its digest alone', [refresh(R0), leak, wait, refresh(R0)]],
    ['and so it is once the answer arrived', [refresh(R0), introspect(A1), lose, refresh(R0)]],
    ['theft is seen again after the next refresh', [lose, refresh(R0), refresh(R1), refresh(R1), wait, refresh(R1)]],
    ['a live token ends its login', [refresh(R0), lose, revoke(A1)]],
    ['the token that was presented last ends its login', [refresh(R0), leak, revoke(R0)]],
  ])('%s', async (_, history) => {
    expect(await differenceIn(history)).toBeUndefined();
  });
});

describe('what a store that went back does not do', () => {
  it.each<[string, readonly Event[]]>([
    ['a newer token ends nothing', [backUp, refresh(R0), refresh(R1), restore, refresh(R2), refresh(R1)]],
    ['the token that it knows goes on', [backUp, refresh(R0), restore, refresh(R0)]],
    // The one before the current, while that may be repeated: the answer to it may have been lost in the other history.
    [
      'a token of the last generation ends nothing',
      [backUp, refresh(R0), restore, refresh(R0), refresh(5), refresh(R1)],
    ],
    ['a token of the same generation ends nothing', [backUp, refresh(R0), restore, refresh(R0), refresh(R1)]],
  ])('%s', async (_, history) => {
    expect(await differenceIn(history)).toBeUndefined();
  });
});

describe('the rules are the same', () => {
  async function expectSame(some: fc.Arbitrary<Event[]>, numRuns: number, isIntended: (difference: string) => boolean) {
    await fc.assert(
      fc.asyncProperty(some, async (events) => {
        const difference = await differenceIn(events);
        expect(difference === undefined || isIntended(difference) ? undefined : difference).toBeUndefined();
      }),
      { numRuns },
    );
  }
  const named = (difference: string) => Object.hasOwn(INTENDED, difference);

  it('when nothing else happens, without any difference', async () => {
    await expectSame(histories(), 400, () => false);
  });

  it('when keys are replaced, but for what is intended', async () => {
    const isOfKeys = (difference: string) => named(difference) && !difference.includes('another history');
    await expectSame(histories(replacements), 600, isOfKeys);
  });

  it('when the store goes back, but for what is intended', async () => {
    const isOfHistories = (difference: string) => named(difference) && !difference.includes('key lost');
    await expectSame(histories(goingBack, goingBack), 600, isOfHistories);
  });

  it('when both happen, but for what is intended', async () => {
    await expectSame(histories(replacements, goingBack, goingBack), 600, named);
  });
});
