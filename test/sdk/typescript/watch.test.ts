/** The SDK's stream, as a server sees it. */
import { status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { RevocationCause } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { eventually } from '../../process/program.ts';
import { eventOfTomorrow, ScriptedServer } from './scripted-server.ts';

const TOKEN = 'syu_one';

function ended(revision: number, familyId: string) {
  const target = { $case: 'familyId' as const, value: familyId };
  const event = { revision, target, cause: RevocationCause.REVOKED, eventTime: undefined };
  return { previousRevision: revision - 1, revision, events: [event] };
}

it('begins afresh, with a heartbeat, and is open once that is answered', async () => {
  await using server = await ScriptedServer.start();
  using verifier = server.verifier();
  const stream = await server.stream(0);
  expect(stream.requests[0]).toMatchObject({ heartbeat: 1, acknowledgedRevision: 0 });
  expect(stream.start?.verifierId).toMatch(/^[\w-]{22}$/);
  expect(stream.start?.resumeRevision).toBeUndefined();
  expect(verifier.isOpen).toBe(false);
  stream.send({ revision: 1, afresh: true });
  await eventually('open', () => verifier.isOpen || undefined);
});

it('sends heartbeats that grow, answered or not, and acknowledges with them', async () => {
  await using server = await ScriptedServer.start();
  using verifier = server.verifier();
  const [silent] = await eventually('heartbeats', () => {
    const some = server.streams.filter(({ requests }) => requests.length >= 3);
    return some.length > 0 && some;
  });
  const numbers = silent?.requests.map(({ heartbeat }) => heartbeat) ?? [];
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  expect(silent?.acknowledged).toBe(0);
  await eventually('acknowledged', () => {
    const stream = server.streams.at(-1);
    if (stream?.isNew && stream.start !== undefined) {
      stream.send({ revision: 7, afresh: true });
    }
    return stream?.acknowledged === 7;
  });
  expect(verifier.size).toBe(0);
});

it('denies what an event ended, and acknowledges at once where somebody waits', async () => {
  await using server = await ScriptedServer.start();
  const { verifier, stream } = await server.opened();
  using _ = verifier;
  expect(await verifier.check(TOKEN)).toMatchObject({ kind: 'user', subjectId: 'ann' });
  expect(verifier.size).toBe(1);
  server.live = undefined;
  server.revision = 2;
  stream.send({ ...ended(2, `fm_${TOKEN}`), acknowledgeNow: true });
  const acknowledgement = await eventually('acknowledged', () =>
    stream.requests.find(({ acknowledgedRevision }) => acknowledgedRevision === 2),
  );
  expect(acknowledgement.heartbeat).toBe(0);
  expect(verifier.size).toBe(0);
  expect(await verifier.check(TOKEN)).toBeUndefined();
});

it('empties itself at an event that it does not know', async () => {
  await using server = await ScriptedServer.start();
  const { verifier, stream } = await server.opened();
  using _ = verifier;
  await verifier.check(TOKEN);
  stream.send(eventOfTomorrow(2));
  await eventually('empty', () => verifier.size === 0 || undefined);
});

it('resumes with the same id where it was, and keeps what it has', async () => {
  await using server = await ScriptedServer.start();
  const { verifier, stream } = await server.opened();
  using _ = verifier;
  await verifier.check(TOKEN);
  stream.send(ended(2, 'fm_another'));
  await eventually('acknowledged', () => stream.acknowledged === 2 || undefined);
  stream.fail(status.UNAVAILABLE, 'shutting down');
  const next = await server.stream(1);
  expect(next.start).toEqual({ verifierId: stream.start?.verifierId, resumeRevision: 2 });
  expect(next.requests[0]?.heartbeat).toBeGreaterThan(stream.heartbeat);
  expect(verifier.size).toBe(1);
});

it.for([
  ['a position that is lost', status.OUT_OF_RANGE],
  ['events that were left out', { previousRevision: 1, revision: 4, events: ended(4, 'fm_another').events }],
  ['a position that is not its own', ended(4, 'fm_another')],
  ['an event out of its order', { ...ended(2, 'fm_another'), events: ended(1, 'fm_another').events }],
] as const)('begins afresh after %s', async ([why, response]) => {
  await using server = await ScriptedServer.start();
  const { verifier, stream } = await server.opened();
  using _ = verifier;
  await verifier.check(TOKEN);
  if (typeof response === 'number') {
    stream.fail(response, why);
  } else {
    stream.send(response);
  }
  const next = await server.stream(1);
  expect(next.start?.resumeRevision).toBeUndefined();
  expect(next.start?.verifierId).toBe(stream.start?.verifierId);
  next.send({ revision: 9, afresh: true });
  await eventually('empty', () => verifier.size === 0 || undefined);
});

it('gives up a stream that answers nothing, and its line', async () => {
  await using server = await ScriptedServer.start();
  const ends: string[] = [];
  using verifier = server.verifier({ onWatchEnd: ({ message }) => ends.push(message) });
  const first = await server.stream(0);
  const second = await server.stream(1);
  expect(second.peer).not.toBe(first.peer);
  await eventually('the end of the first', () => first.hasEnded);
  expect(ends[0]).toContain('answers no heartbeat');
  expect(verifier.isOpen).toBe(false);
});

it('takes another id when somebody else has its own', async () => {
  await using server = await ScriptedServer.start();
  const { verifier, stream } = await server.opened();
  using _ = verifier;
  stream.replaced();
  const next = await server.stream(1);
  expect(next.start?.verifierId).not.toBe(stream.start?.verifierId);
  expect(next.start?.resumeRevision).toBeUndefined();
});

it('is open for no longer than the server lets it', async () => {
  await using server = await ScriptedServer.start();
  using verifier = server.verifier();
  const stream = await server.stream(0);
  stream.send({ revision: 1, afresh: true, longestBound: { seconds: 0, nanos: 0 } });
  await eventually('acknowledged', () => stream.acknowledged === 1 || undefined);
  expect(verifier.isOpen).toBe(false);
});
