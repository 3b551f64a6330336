/** WatchRevocations over real sockets: who may watch, what is refused, and what comes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cutOff } from '../store/fixtures.ts';
import { make, makeClient, makeTenant } from '../support.ts';
import { basic, bearer, CREDENTIALS, failureOf, type GrpcBed, issue, openGrpcBed, revoke } from './client.ts';
import { newVerifierId, Watcher } from './watcher.ts';

let bed: GrpcBed;
let watchers: Watcher[];
beforeEach(async () => {
  bed = await openGrpcBed();
  watchers = [];
});
afterEach(async () => {
  for (const watcher of watchers) {
    watcher[Symbol.dispose]();
  }
  await bed.close();
});

function watch(metadata = basic('service', bed.serviceSecret)): Watcher {
  const watcher = new Watcher(bed.client, metadata);
  watchers.push(watcher);
  return watcher;
}

const end = (kind: 'user' | 'client' | 'tenant', id: string, cause: 'revoked' | 'disabled' = 'revoked') =>
  make(bed.store, cutOff(kind, id, cause));

describe('a watcher', () => {
  it('begins afresh, is told of what ends, and is answered its heartbeats', async () => {
    await end('user', 'user-ann');
    const watcher = watch().start(undefined, newVerifierId(), 1);
    expect(await watcher.until()).toEqual({
      ...{ previousRevision: 1, events: [], revision: 1, heartbeat: 1, afresh: true, acknowledgeNow: false },
      longestBound: { seconds: 1, nanos: 0 },
    });

    const { accessToken } = await issue(bed, CREDENTIALS.user());
    const revision = await revoke(bed, accessToken);
    const message = await watcher.until(({ events }) => events.length > 0);
    expect(message).toMatchObject({
      ...{ previousRevision: 1, revision, heartbeat: 0, afresh: false, longestBound: undefined },
      events: [{ revision, target: { $case: 'familyId', value: expect.stringMatching(/^fm_/) }, cause: 1 }],
    });
    watcher.say({ heartbeat: 2, acknowledgedRevision: revision });
    expect(await watcher.answered(2)).toMatchObject({ previousRevision: revision, events: [], revision });
  });

  it('is told what each event is about, and why', async () => {
    const watcher = watch().start();
    await watcher.until();
    await end('user', 'user-ann');
    await end('client', 'plain', 'disabled');
    await end('tenant', 'acme');
    await watcher.until(({ revision }) => revision === 3);
    const events = watcher.messages.flatMap((message) => message.events);
    expect(events).toMatchObject([
      { revision: 1, target: { $case: 'subjectId', value: 'user-ann' }, cause: 1 },
      { revision: 2, target: { $case: 'clientId', value: 'plain' }, cause: 3 },
      { revision: 3, target: { $case: 'allOfTenant', value: {} }, cause: 1 },
    ]);
    expect(events[0]?.eventTime).toEqual({ seconds: bed.clock.now / 1_000, nanos: 0 });
  });

  it('goes on from its position, at the end of which its heartbeat is answered', async () => {
    for (let i = 0; i < 5; i++) {
      await end('user', 'user-ann');
    }
    const watcher = watch().start(2, newVerifierId(), 8);
    expect(await watcher.answered(8)).toMatchObject({ previousRevision: 2, revision: 5, afresh: false });
    expect(watcher.revisions).toEqual([3, 4, 5]);
  });

  it('closes its half, and the stream ends well', async () => {
    const watcher = watch().start();
    await watcher.until();
    watcher.call.end();
    expect((await watcher.ended).code).toBe(0);
    expect(bed.hub.figures()).toMatchObject({ watchers: 0, tenants: 0 });
  });

  it('sees nothing of another tenant, and can’t go on from its position', async () => {
    await makeTenant(bed.store, 'other');
    const secret = await makeClient(bed.store, 'other', 'others', ['introspect']);
    await make(bed.store, cutOff('tenant', 'other', 'revoked', 'other'));
    await make(bed.store, cutOff('tenant', 'other', 'revoked', 'other'));
    const own = watch().start();
    const others = watch(basic('others', secret)).start();
    expect(await own.until()).toMatchObject({ revision: 0 });
    expect(await others.until()).toMatchObject({ revision: 2 });
    const lost = watch().start(2);
    expect(await lost.failure).toMatchObject({ status: 'OUT_OF_RANGE', reason: 'POSITION_LOST' });

    await end('user', 'user-ann');
    await own.until(({ revision }) => revision === 1);
    others.say({ heartbeat: 1 });
    expect(await others.answered(1)).toMatchObject({ revision: 2, events: [] });
  });
});

describe('is refused', () => {
  it.each([
    ['nobody', () => undefined, 'UNAUTHENTICATED'],
    ['a wrong secret', () => basic('service', 'sys_wrong'), 'UNAUTHENTICATED'],
    ['a public client', () => basic('acme'), 'PERMISSION_DENIED'],
    ['a client without the role', () => basic('plain', bed.plainSecret), 'PERMISSION_DENIED'],
  ])('%s, whatever it sends', async (_, metadataOf, status) => {
    const watcher = watch(metadataOf() ?? basic('')).start();
    expect(await watcher.failure).toMatchObject({ status });
    expect(bed.hub.figures().watchers).toBe(0);
  });

  it('the token of a user', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    expect(await watch(bearer(accessToken)).start().failure).toMatchObject({ status: 'UNAUTHENTICATED' });
  });

  it.each([
    ['a first request without a start', { heartbeat: 1 }, /^start,/],
    ['no verifier_id', { start: {} }, /verifier_id/],
    ['a short one', { start: { verifierId: 'abc' } }, /verifier_id/],
    ['one with padding', { start: { verifierId: `${newVerifierId()}==` } }, /verifier_id/],
    ['one that is not base64url', { start: { verifierId: '+'.repeat(22) } }, /verifier_id/],
    ['one of too many bits', { start: { verifierId: 'A'.repeat(21).concat('B') } }, /verifier_id/],
    [
      'an acknowledgement with a start afresh',
      { start: { verifierId: newVerifierId() }, acknowledgedRevision: 1 },
      /acknowledged_revision/,
    ],
  ])('%s', async (_, request, message) => {
    const failure = await watch().say(request).failure;
    expect(failure).toMatchObject({
      status: 'INVALID_ARGUMENT',
      reason: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message),
    });
    expect(bed.hub.figures().watchers).toBe(0);
  });

  it.each([
    ['a second start', { start: { verifierId: newVerifierId() } }, /^start /],
    ['a heartbeat that does not grow', { heartbeat: 5 }, /^heartbeat/],
    ['a heartbeat that shrinks', { heartbeat: 4 }, /^heartbeat/],
    ['an acknowledgement of the future', { acknowledgedRevision: 1 }, /^acknowledged_revision/],
  ])('%s', async (_, request, message) => {
    const watcher = watch().start(undefined, newVerifierId(), 5);
    await watcher.answered(5);
    const failure = await watcher.say(request).failure;
    expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', message: expect.stringMatching(message) });
  });

  it('what can’t be decoded', async () => {
    const same = (bytes: Buffer) => bytes;
    const metadata = basic('service', bed.serviceSecret);
    const path = '/symbolon.v1.TokenService/WatchRevocations';
    const call = bed.client.makeBidiStreamRequest(path, same, same, metadata);
    const failed = new Promise<never>((_, reject) => call.once('error', reject));
    call.resume();
    call.write(Buffer.from([0xff, 0xff, 0xff]));
    expect(await failureOf(failed)).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/protobuf/),
    });
  });

  it('more than 20 heartbeats a second', async () => {
    const watcher = watch().start();
    await watcher.until();
    for (let heartbeat = 1; heartbeat <= 100; heartbeat++) {
      watcher.say({ heartbeat });
    }
    expect(await watcher.failure).toMatchObject({ status: 'RESOURCE_EXHAUSTED', retryDelaySeconds: 0 });
  });
});

it('takes the place of the stream that the verifier had, and of no other client’s', async () => {
  const verifierId = newVerifierId();
  const first = watch().start(undefined, verifierId);
  await first.until();
  const admins = watch(basic('admin', bed.adminSecret)).start(undefined, verifierId);
  await admins.until();
  const second = watch().start(undefined, verifierId);
  expect(await first.failure).toMatchObject({ status: 'ABORTED', reason: 'WATCHER_REPLACED' });
  second.say({ heartbeat: 1 });
  admins.say({ heartbeat: 1 });
  await Promise.all([second.answered(1), admins.answered(1)]);
  expect(bed.hub.figures().watchers).toBe(2);
});
