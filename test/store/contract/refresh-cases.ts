import { beforeEach, expect, it } from 'vitest';
import type { Refresh, TagVerdict } from '../../../src/core/commands/refresh.ts';
import { one } from '../../../src/core/plan.ts';
import { PRESENTED_BYTES } from '../../../src/core/rules/grants.ts';
import { FAMILY } from '../../../src/core/tables/families.ts';
import { REVOCATION } from '../../../src/core/tables/revocations.ts';
import { execute, make } from '../../support.ts';
import {
  aDigest,
  answerOf,
  begin,
  type Holder,
  isPairLive,
  makeAcme,
  refreshOf,
  refusalOf,
  revisionOf,
  TENANT,
  type UnderTest,
} from '../fixtures.ts';
import { plain } from '../people.ts';
import { changedTables, rowsOf } from '../rows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A login that was refreshed twice, so that its family is at generation 2. */
interface Login {
  readonly oldest: Holder;
  readonly last: Holder;
  readonly current: Refresh;
}

type Presented = Partial<Pick<Refresh, 'generation' | 'digest'>>;

/** Whether the last refresh can be repeated, and why not. */
const REPEATS = ['open', 'over', 'confirmed'] as const;
const TAGS: readonly TagVerdict[] = ['genuine', 'unproven', 'unreadable'];

type Result = 'rotates' | 'repeats' | 'theft' | 'refused' | 'unavailable';
/** Of the verdicts on the tag, in their order. */
type Results = readonly [genuine: Result, unproven: Result, unreadable: Result];

interface Case {
  readonly name: string;
  readonly presents: (login: Login) => Presented;
  readonly open: Results;
  /** Over or confirmed. */
  readonly over: Results;
}

const ofHolder = ({ tokens, generation = -1 }: Holder): Presented => ({
  digest: tokens.refreshDigest,
  generation: generation + 1,
});
/** A token that the row does not know: of another history, or made up where the tag proves nothing. */
const unknownOf = (generation: number) => (): Presented => ({ digest: aDigest(), generation });

const ALWAYS = (result: Result): Results => [result, result, result];
const OLD: Results = ['theft', 'refused', 'unavailable'];
const NEITHER: Results = ['refused', 'refused', 'unavailable'];

const CASES: readonly Case[] = [
  {
    name: 'the current one, whatever its tag says',
    presents: ({ current }) => ofHolder(current),
    open: ALWAYS('rotates'),
    over: ALWAYS('rotates'),
  },
  {
    name: 'the one presented last, whatever its tag says',
    presents: ({ last }) => ofHolder(last),
    open: ALWAYS('repeats'),
    over: ALWAYS('theft'),
  },
  { name: 'one of an earlier generation', presents: ({ oldest }) => ofHolder(oldest), open: OLD, over: OLD },
  { name: 'an unknown one of an earlier generation', presents: unknownOf(0), open: OLD, over: OLD },
  // While the repeat is open the answer may be on its way to who has it.
  { name: 'an unknown one of the generation before', presents: unknownOf(1), open: NEITHER, over: OLD },
  { name: 'an unknown one of this generation', presents: unknownOf(2), open: NEITHER, over: NEITHER },
  { name: 'one of a generation that is ahead', presents: unknownOf(9), open: NEITHER, over: NEITHER },
  {
    name: 'the current access token',
    presents: ({ current }) => ({ ...ofHolder(current), digest: current.tokens.accessDigest }),
    open: NEITHER,
    over: NEITHER,
  },
];

/** Which refresh token leads to what: the digest decides what is live, and the tag alone proves what is old. */
export function refreshCases(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store, { refreshRepeatWindowMs: MINUTE, refreshLifetimeMs: 9 * HOUR }));

  const familyOf = async (familyId: string) => {
    const { family } = await test.store.read({ family: one(FAMILY, { familyId }) });
    return family && plain(family);
  };

  async function logIn(repeat: (typeof REPEATS)[number]): Promise<Login> {
    const oldest = await begin(test.store, { expireTime: test.clock.now + HOUR });
    const last = refreshOf(oldest);
    await make(test.store, last);
    const current = refreshOf(last);
    await make(test.store, current);
    if (repeat === 'over') {
      test.clock.advance(MINUTE);
    } else if (repeat === 'confirmed') {
      await make(test.store, { kind: 'confirm', familyId: oldest.familyId, generation: 2 });
    }
    return { oldest, last, current };
  }

  const checks: Readonly<Record<Result, (login: Login, command: Refresh) => Promise<void>>> = {
    async rotates(login, command) {
      const before = await rowsOf(test.store);
      const { familyId } = command;
      const family = await familyOf(familyId);
      const answer = answerOf(await execute(test.store, command));
      expect(answer).toMatchObject({ issued: { familyId, issueTime: test.clock.now } });
      expect(changedTables(before, await rowsOf(test.store))).toEqual(['family']);
      const { accessDigest, refreshDigest: digest, keyId } = command.tokens;
      const presented = command.digest.slice(0, PRESENTED_BYTES);
      expect(await familyOf(familyId)).toEqual({
        ...family,
        generation: 3,
        keyId,
        accessDigest,
        accessIssueTime: test.clock.now,
        accessExpireTime: expect.any(Number),
        refresh: { digest, presented, repeatUntil: test.clock.now + MINUTE, box: command.box },
      });
      expect([await isPairLive(test, login.current), await isPairLive(test, command)]).toEqual([false, true]);
    },
    async repeats({ current }, command) {
      const before = await rowsOf(test.store);
      const answer = plain(answerOf(await execute(test.store, command)));
      const pair = { generation: 2, ...current.tokens, box: current.box };
      expect(answer).toMatchObject({ repeated: { familyId: command.familyId }, pair });
      expect(await rowsOf(test.store)).toEqual(before);
    },
    async theft({ current }, command) {
      const before = await rowsOf(test.store);
      const family = await familyOf(command.familyId);
      expect(refusalOf(await execute(test.store, command))).toBe('invalid_refresh_token');
      const revision = (await revisionOf(test.store)) ?? 0;
      expect(changedTables(before, await rowsOf(test.store))).toEqual(['tenant', 'family', 'revocation', 'audit']);
      expect(await familyOf(command.familyId)).toEqual({ ...family, revokedRevision: revision });
      const { event } = await test.store.read({ event: one(REVOCATION, { tenantId: TENANT, revision }) });
      expect(event).toMatchObject({ scope: 'family', key: command.familyId, cause: 'refresh_reuse' });
      expect(await isPairLive(test, current)).toBe(false);
    },
    async refused({ current }, command) {
      const before = await rowsOf(test.store);
      const outcome = await execute(test.store, command);
      // The caller learns no more of it than of any other; the log does.
      expect(outcome).toMatchObject({ refusal: { code: 'invalid_refresh_token', cause: expect.any(String) } });
      expect(await rowsOf(test.store)).toEqual(before);
      expect(await isPairLive(test, current)).toBe(true);
    },
    async unavailable({ current }, command) {
      const before = await rowsOf(test.store);
      expect(refusalOf(await execute(test.store, command))).toBe('store_unavailable');
      expect(await rowsOf(test.store)).toEqual(before);
      expect(await isPairLive(test, current)).toBe(true);
    },
  };

  const all = CASES.flatMap((each) => REPEATS.map((repeat) => ({ ...each, repeat })));

  it.each(all)('$name, with a repeat that is $repeat', async ({ presents, repeat, open, over }) => {
    const results = repeat === 'open' ? open : over;
    for (const [i, tag] of TAGS.entries()) {
      const login = await logIn(repeat);
      await checks[results[i] as Result](login, refreshOf(login.current, { ...presents(login), tag }));
    }
  });

  it('one of the first generation finds nothing that was presented before it', async () => {
    const first = await begin(test.store);
    for (const generation of [0, 1]) {
      await expect(execute(test.store, refreshOf(first, { digest: aDigest(), generation }))).resolves.toMatchObject({
        refusal: { code: 'invalid_refresh_token' },
      });
    }
    expect(await isPairLive(test, first)).toBe(true);
  });

  it('a family behind its client’s generation dies of nothing that its client still holds, and goes on', async () => {
    const first = await begin(test.store);
    const before = await rowsOf(test.store);
    // The store went back to a time before these were made.
    const [second, third] = [refreshOf(first), refreshOf(refreshOf(first))];
    for (const lost of [second, third]) {
      expect(refusalOf(await execute(test.store, refreshOf(lost)))).toBe('invalid_refresh_token');
    }
    expect(await rowsOf(test.store)).toEqual(before);

    expect('issued' in answerOf(await execute(test.store, refreshOf(first)))).toBe(true);
    // Of a generation that is there again, but not that one.
    expect(refusalOf(await execute(test.store, refreshOf(second)))).toBe('invalid_refresh_token');
    expect(await revisionOf(test.store)).toBe(0);
  });

  it('confirmation ends the time of the repeat and changes nothing else', async () => {
    const { familyId } = (await logIn('open')).current;
    const [before, family] = [await rowsOf(test.store), await familyOf(familyId)];
    await make(test.store, { kind: 'confirm', familyId, generation: 2 });

    expect(changedTables(before, await rowsOf(test.store))).toEqual(['family']);
    expect(await familyOf(familyId)).toEqual({ ...family, refresh: { ...family?.refresh, repeatUntil: 0 } });
  });
}
