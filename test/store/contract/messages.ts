import { beforeEach, expect, it } from 'vitest';
import { MESSAGES } from '../../../src/core/tables/messages.ts';
import { make } from '../../support.ts';
import { ANN, cutOff, subjectOf, TENANT, tenantOf, type UnderTest } from '../fixtures.ts';
import { EMAIL, EVERYTHING, makePerson, PHONE, plain, sendOf, settleOf, take, takeOf } from '../people.ts';

const HOUR = 3_600_000;
const SHOWN = 7 * 24 * HOUR;

export function messages(test: UnderTest): void {
  beforeEach(async () => {
    await make(test.store, tenantOf(TENANT));
    await makePerson(test.store, ANN);
  });

  const list = async () => plain(await test.store.list(MESSAGES, { tenantId: TENANT }, { limit: EVERYTHING }));
  const idsOf = (found: readonly { readonly messageId: string }[]) => found.map(({ messageId }) => messageId);

  /** One for each of so many new users, each with an address of its own. */
  async function queue(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, (_, i) => `queued-${i}`);
    const addressOf = (id: string) => `${id}@example.com`;
    await Promise.all(ids.map((id) => make(test.store, subjectOf({ subjectId: id, email: addressOf(id) }))));
    const sends = ids.map((id) => ({ ...sendOf({}, id), address: addressOf(id) }));
    await Promise.all(sends.map((send) => make(test.store, send)));
    return sends.map(({ code }) => code.messageId);
  }

  it('are read back field for field, queued, taken and settled', async () => {
    const [email, sms] = [
      sendOf(),
      sendOf({ purpose: 'verify_phone', channel: 'sms', sealed: new Uint8Array([0, 255]) }),
    ];
    await make(test.store, email);
    await make(test.store, sms);
    const { now } = test.clock;
    const common = { tenantId: TENANT, subjectId: ANN, state: 'pending', attempts: 0, lastError: null } as const;
    const times = { nextAttemptTime: now, createTime: now, expireTime: now + HOUR, keepUntil: now + HOUR + SHOWN };
    const expected = [
      { ...email.code, address: EMAIL },
      { ...sms.code, address: PHONE },
    ].map(({ digest: _, ...code }) => ({ ...code, ...common, ...times }));
    const byId = (one: { messageId: string }, other: { messageId: string }) =>
      one.messageId < other.messageId ? -1 : 1;
    expect(await list()).toEqual(expected.sort(byId));

    expect(plain(await take(test.store)).toSorted(byId)).toEqual(expected);
    const failed = {
      state: 'pending',
      attempts: 3,
      nextAttemptTime: now + 7,
      lastError: 'no route: ünreachable',
    } as const;
    await make(test.store, settleOf(sms.code.messageId, failed));
    await make(test.store, settleOf(email.code.messageId));
    const after = new Map((await list()).map((message) => [message.messageId, message]));
    const [queuedEmail, queuedSms] = [email, sms].map(({ code }) =>
      expected.find(({ messageId }) => messageId === code.messageId),
    );
    expect(after.get(sms.code.messageId)).toEqual({ ...queuedSms, ...failed });
    // What was sealed is gone with the need for it.
    const settled = { state: 'sent', sealed: null, attempts: 1, nextAttemptTime: 0 };
    expect(after.get(email.code.messageId)).toEqual({ ...queuedEmail, ...settled });
  });

  it('are taken the longest due first, and no more than asked for', async () => {
    const sends = [];
    for (const id of ['one', 'two', 'three']) {
      await makePerson(test.store, id);
      sends.push(sendOf({}, id));
      await make(test.store, sends.at(-1) as (typeof sends)[0]);
      test.clock.advance(1);
    }
    const ids = sends.map(({ code }) => code.messageId);
    expect(idsOf(await take(test.store, takeOf(2)))).toEqual(ids.slice(0, 2));
    expect(idsOf(await take(test.store, takeOf(2)))).toEqual(ids.slice(2));
  });

  it('are not taken again before the lease ends or their next attempt is due, nor when they were settled', async () => {
    const [id = ''] = await queue(1);
    expect(idsOf(await take(test.store, takeOf(1, 1_000)))).toEqual([id]);
    test.clock.advance(999);
    expect(await take(test.store)).toEqual([]);
    test.clock.advance(1);
    expect(idsOf(await take(test.store))).toEqual([id]);
    const nextAttemptTime = test.clock.now + 500;
    await make(test.store, settleOf(id, { state: 'pending', nextAttemptTime }));
    test.clock.advance(499);
    expect(await take(test.store)).toEqual([]);
    test.clock.advance(1);
    expect(idsOf(await take(test.store))).toEqual([id]);
    await make(test.store, settleOf(id, { state: 'failed' }));
    test.clock.advance(HOUR);
    expect(await take(test.store)).toEqual([]);
  });

  it('stay settled when one whose lease ran out tells of them late', async () => {
    const [id = ''] = await queue(1);
    await take(test.store);
    await make(test.store, settleOf(id));
    await make(test.store, settleOf(id, { state: 'pending', attempts: 9 }));
    expect(await list()).toMatchObject([{ state: 'sent', attempts: 1, sealed: null }]);
    expect(await take(test.store)).toEqual([]);
  });

  it('are given up, and lose what was sealed in them, when their code is replaced; those of others stay', async () => {
    await queue(1);
    const [first, other] = [sendOf(), sendOf({ purpose: 'verify_phone', channel: 'sms' })];
    await make(test.store, first);
    await make(test.store, other);
    await make(test.store, sendOf());
    const given = (await list()).filter(({ state }) => state === 'failed');
    expect(given).toMatchObject([{ messageId: first.code.messageId, sealed: null }]);
    expect(await take(test.store)).toHaveLength(3);
  });

  it('are each taken by one of twenty that take at once, and all of them in the end', async () => {
    const ids = await queue(60);
    const taken: string[] = [];
    for (let round = 0; taken.length < ids.length && round < ids.length; round++) {
      const takes = await Promise.all(Array.from({ length: 20 }, () => take(test.store, takeOf(7))));
      taken.push(...takes.flatMap(idsOf));
    }
    expect(taken.toSorted()).toEqual(ids.toSorted());
  });

  it('go with their user while they are pending, and are shown when they were sent', async () => {
    const [sent, pending] = [sendOf(), sendOf({ purpose: 'verify_phone', channel: 'sms' })];
    await make(test.store, sent);
    await make(test.store, settleOf(sent.code.messageId));
    await make(test.store, pending);
    await makePerson(test.store, 'other');
    const other = sendOf({}, 'other');
    await make(test.store, other);

    await make(test.store, cutOff('user', ANN, 'deleted'));

    expect(idsOf(await list()).toSorted()).toEqual([sent, other].map(({ code }) => code.messageId).toSorted());
    expect(idsOf(await take(test.store))).toEqual([other.code.messageId]);
  });
}
