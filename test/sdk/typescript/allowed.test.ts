/** Answers about permissions in the core of a verifier: when they are kept, for how long, and what ends them. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessAnswer, Event, Ids, Message } from '../../../sdk/typescript/server/src/core/protocol.ts';
import { VerifierState } from '../../../sdk/typescript/server/src/core/state.ts';

const KEY = 'token READ_DEVICE device th.lamp';
const QUESTION = { key: KEY, targetId: 'th.lamp' };
/** A client's own token, by the right of a user. */
const CALLER: Ids = { familyId: 'fm', subjectId: 'app', clientId: 'app' };

let now = 0;
let wall = 0;
let state: VerifierState<Ids>;
let stream: ReturnType<VerifierState<Ids>['begin']>;

function messageOf(
  revision: number,
  { isAfresh = false, events = [] as Event[], heartbeat = state.beat() } = {},
): Message {
  return {
    previousRevision: revision - events.length,
    revision,
    events,
    heartbeat,
    isAfresh,
    longestBoundMs: undefined,
  };
}

function allowedAt(revision: number, timeToLiveMs = 10_000): AccessAnswer<Ids> {
  return { revision, allowed: { caller: CALLER, userId: 'ann', timeToLiveMs } };
}

function tell(revision: number, target: Event['target']): void {
  state.receive(stream, messageOf(revision, { events: [{ revision, target }] }));
}

/** Opens again, for time that passed. */
function beat(revision: number): void {
  state.receive(stream, messageOf(revision));
}

function pass(ms: number): void {
  now += ms;
  wall += ms;
}

beforeEach(() => {
  [now, wall] = [1_000, 5_000];
  const clock = { monotonic: () => now, wall: () => wall };
  state = new VerifierState({ clock, boundMs: 1_000, maxAgeMs: 60_000, maxEntries: 3, maxKilled: 100 });
  stream = state.begin();
  state.receive(stream, messageOf(1, { isAfresh: true }));
});

describe('what was allowed', () => {
  it('is answered from memory for its own time, ten seconds at most, from when it was asked', () => {
    const sending = state.sending();
    pass(400);
    state.keepAllowed(QUESTION, sending, allowedAt(1, 3_000));
    expect(state.findAllowed(KEY)).toMatchObject({ caller: CALLER, userId: 'ann' });
    pass(2_599);
    beat(1);
    expect(state.findAllowed(KEY)).toBeDefined();
    pass(1);
    expect(state.findAllowed(KEY)).toBeUndefined();
    state.keepAllowed(QUESTION, state.sending(), allowedAt(1, 3_600_000));
    pass(10_000);
    beat(1);
    expect(state.findAllowed(KEY)).toBeUndefined();
  });

  it('is answered by an open verifier alone, and not where one clock says that it is over', () => {
    state.keepAllowed(QUESTION, state.sending(), allowedAt(1));
    pass(1_000);
    expect(state.findAllowed(KEY)).toBeUndefined();
    beat(1);
    expect(state.findAllowed(KEY)).toBeDefined();
    wall -= 1;
    expect(state.findAllowed(KEY)).toBeUndefined();
    wall += 10_001;
    beat(1);
    expect(state.findAllowed(KEY)).toBeUndefined();
  });

  it.each<[string, Event['target']]>([
    ['its family', { kind: 'family', id: 'fm' }],
    ['the subject of its token', { kind: 'subject', id: 'app' }],
    ['its client', { kind: 'client', id: 'app' }],
    ['the user by whose right it is', { kind: 'subject', id: 'ann' }],
    ['the consent of that user', { kind: 'consent', subjectId: 'ann', clientId: 'app' }],
    ['the device that was asked about', { kind: 'subject', id: 'th.lamp' }],
    ['the tenant', { kind: 'tenant' }],
    ['something that is not known', undefined],
  ])('ends by an event of %s, also where it is answered later', (_, target) => {
    state.keepAllowed(QUESTION, state.sending(), allowedAt(1));
    const sending = state.sending();
    tell(2, target);
    expect(state.findAllowed(KEY)).toBeUndefined();
    state.keepAllowed(QUESTION, sending, allowedAt(1));
    expect(state.findAllowed(KEY)).toBeUndefined();
    state.keepAllowed(QUESTION, sending, allowedAt(2));
    expect(state.findAllowed(KEY)).toBeDefined();
  });

  it.each<[string, Event['target']]>([
    ['family', { kind: 'family', id: 'other' }],
    ['user', { kind: 'subject', id: 'bob' }],
    ['client', { kind: 'client', id: 'other' }],
    ['consent of the user', { kind: 'consent', subjectId: 'ann', clientId: 'other' }],
    ['consent for the client', { kind: 'consent', subjectId: 'bob', clientId: 'app' }],
  ])('stays after an event of another %s', (_, target) => {
    state.keepAllowed(QUESTION, state.sending(), allowedAt(1));
    tell(2, target);
    expect(state.findAllowed(KEY)).toBeDefined();
  });

  it('is of one generation, above the floor', () => {
    state.keepAllowed(QUESTION, state.sending(), allowedAt(1));
    const sending = state.sending();
    state.receive(stream, messageOf(5, { isAfresh: true }));
    expect(state.findAllowed(KEY)).toBeUndefined();
    state.keepAllowed(QUESTION, sending, allowedAt(9));
    expect(state.findAllowed(KEY)).toBeUndefined();
    state.keepAllowed(QUESTION, state.sending(), allowedAt(4));
    expect(state.findAllowed(KEY)).toBeUndefined();
    state.keepAllowed(QUESTION, state.sending(), allowedAt(5));
    expect(state.findAllowed(KEY)).toBeDefined();
    state.close();
    expect(state.findAllowed(KEY)).toBeUndefined();
  });
});

it('keeps nothing that is denied, and forgets what was allowed before it', () => {
  state.keepAllowed(QUESTION, state.sending(), allowedAt(1));
  state.keepAllowed(QUESTION, state.sending(), { revision: 1, allowed: undefined });
  expect(state.findAllowed(KEY)).toBeUndefined();
});

it('keeps no more than was allowed, beside the tokens', () => {
  for (const name of ['a', 'b', 'c', 'd']) {
    state.keepAllowed({ key: name, targetId: undefined }, state.sending(), allowedAt(1));
    state.keep(name, state.sending(), { revision: 1, live: { caller: CALLER, timeToLiveMs: 60_000 } });
  }
  expect(['a', 'b', 'c', 'd'].map((name) => state.findAllowed(name) !== undefined)).toEqual([false, true, true, true]);
  expect(state.size).toBe(3);
});
