/** How streams of WatchRevocations end that their watchers did not end: what ended the caller, the server, or a watcher that reads nothing. */

import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cutOff } from '../store/fixtures.ts';
import { make, makeClient } from '../support.ts';
import { basic, bearer, CREDENTIALS, type GrpcBed, issue, openGrpcBed, revoke } from './client.ts';
import { newVerifierId, Watcher } from './watcher.ts';

let bed: GrpcBed;
let lines: Record<string, unknown>[];
beforeEach(async () => {
  lines = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  bed = await openGrpcBed({ log });
});
afterEach(() => bed.close());

function watch(metadata = basic('service', bed.serviceSecret)): Watcher {
  return new Watcher(bed.client, metadata);
}

const end = (kind: 'user' | 'client' | 'tenant', id: string, cause: 'revoked' | 'disabled' = 'revoked') =>
  make(bed.store, cutOff(kind, id, cause));

const ofService = { tenantId: 'acme', clientId: 'service' };

describe('a caller that has ended', () => {
  it.each([
    ['its client is disabled', () => end('client', 'service', 'disabled')],
    ['its tenant is disabled', () => end('tenant', 'acme', 'disabled')],
  ])('is told the event, and then that it has: %s', async (_, act) => {
    using watcher = watch().start();
    await watcher.until();
    await act();
    expect(await watcher.failure).toMatchObject({ status: 'UNAUTHENTICATED', reason: 'CALLER_UNAUTHENTICATED' });
    expect(watcher.revisions).toEqual([1]);
  });

  it('by its token is told the event, and then that it has', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.client('service', bed.serviceSecret));
    using watcher = watch(bearer(accessToken)).start();
    await watcher.until();
    await end('user', 'user-ann');
    await watcher.until(({ revision }) => revision === 1);
    await revoke(bed, accessToken, basic('service', bed.serviceSecret));
    expect(await watcher.failure).toMatchObject({ status: 'UNAUTHENTICATED' });
    expect(watcher.revisions).toEqual([1, 2]);
  });

  it('by its token has no heartbeat answered that ended between the call and its first message', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.client('service', bed.serviceSecret));
    const reads = vi.spyOn(bed.store, 'readClient');
    using watcher = watch(bearer(accessToken));
    await expect.poll(() => reads.mock.results.length).toBe(1);
    await reads.mock.results[0]?.value;
    await revoke(bed, accessToken, basic('service', bed.serviceSecret));
    watcher.start(undefined, newVerifierId(), 1);
    expect(await watcher.failure).toMatchObject({ status: 'UNAUTHENTICATED', reason: 'CALLER_UNAUTHENTICATED' });
    expect(watcher.messages.map(({ heartbeat }) => heartbeat)).toEqual([0]);
  });

  it.each([
    [
      'its secret ends',
      { kind: 'expire_client_secret', ...ofService, secretId: 'cs_service', expireTime: 1 },
      'UNAUTHENTICATED',
    ],
    ['its role is taken', { kind: 'update_client', ...ofService, roles: [] }, 'PERMISSION_DENIED'],
  ] as const)('has no heartbeat answered, though there is no event of it: %s', async (_, command, status) => {
    using watcher = watch().start();
    await watcher.until();
    await make(bed.store, command);
    watcher.say({ heartbeat: 1 });
    expect(await watcher.failure).toMatchObject({ status });
    expect(watcher.messages.map(({ heartbeat }) => heartbeat)).toEqual([0]);
  });

  it('ends when its secret expires, with no request of its own', async () => {
    const expireTime = bed.clock.now + 1_000;
    const command = { kind: 'expire_client_secret', ...ofService, secretId: 'cs_service', expireTime } as const;
    await make(bed.store, command);
    using watcher = watch().start();
    await watcher.until();
    bed.clock.advance(1_000);
    expect(await watcher.failure).toMatchObject({
      status: 'UNAUTHENTICATED',
      message: expect.stringMatching(/expired/),
    });
  });

  it('is that one alone: another client’s end, and a change of another, end nothing', async () => {
    await makeClient(bed.store, 'acme', 'later', ['introspect']);
    using watcher = watch().start();
    await watcher.until();
    await end('client', 'later', 'disabled');
    await end('user', 'user-ann');
    await watcher.until(({ revision }) => revision === 2);
    watcher.say({ heartbeat: 1 });
    expect(await watcher.answered(1)).toMatchObject({ revision: 2 });
  });
});

describe('a server that ends', () => {
  it('ends all streams so that they resume elsewhere, waits for none of them, and takes none', async () => {
    const watchers = Array.from({ length: 5 }, () => watch().start());
    await Promise.all(watchers.map((watcher) => watcher.until()));
    const drained = bed.drain();
    for (const { failure } of watchers) {
      expect(await failure).toMatchObject({ status: 'UNAVAILABLE', reason: 'STORE_UNAVAILABLE' });
    }
    await drained;
    expect(await watch().start().failure).toMatchObject({ status: 'UNAVAILABLE' });
  });
});

describe('a watcher that reads nothing', () => {
  it('is cut off at 256 KiB, while others go on; and resumes', async () => {
    using slow = watch().start(undefined, newVerifierId(), 1);
    using other = watch().start();
    await Promise.all([slow.until(), other.until()]);
    slow.call.pause();
    let revoked = 0;
    while (bed.hub.figures().endings.get('watcher_too_slow') === undefined) {
      await Promise.all(Array.from({ length: 256 }, () => end('user', 'user-ann')));
      revoked += 256;
      expect(revoked, 'events that nobody read').toBeLessThan(30_000);
    }
    slow.call.resume();
    expect(await slow.failure).toMatchObject({ status: 'ABORTED', reason: 'WATCHER_TOO_SLOW' });
    await other.until(({ revision }) => revision === revoked);
    expect(other.revisions).toHaveLength(revoked);

    using again = watch().start(slow.messages.at(-1)?.revision, newVerifierId(), 2);
    expect(await again.answered(2)).toMatchObject({ revision: revoked });
    expect([...slow.revisions, ...again.revisions]).toEqual(other.revisions);
  });
});

describe('the log', () => {
  it('has one line of each stream, that says how it ended', async () => {
    const [closes, leaves, errs] = [watch().start(), watch().start(), watch().start()];
    await Promise.all([closes, leaves, errs].map((watcher) => watcher.until()));
    closes.call.end();
    await closes.ended;
    leaves.call.cancel();
    errs.say({ acknowledgedRevision: 1 });
    await errs.failure;
    await expect.poll(() => bed.hub.figures().watchers).toBe(0);
    const told = lines.filter(({ method }) => method === 'WatchRevocations');
    expect(told.map(({ code }) => code).sort()).toEqual(['aborted', 'invalid_argument', 'ok']);
    expect(told.every(({ client, tenant, ms }) => client === 'service' && tenant === 'acme' && Number(ms) >= 0)).toBe(
      true,
    );
  });
});

describe('those who wait for verifiers', () => {
  it('find a watcher from its first message on, ask it at once, and hear what it acknowledges', async () => {
    using watcher = watch().start();
    await watcher.until();
    await end('user', 'user-ann');
    await watcher.until(({ revision }) => revision === 1);
    const counts: object[] = [];
    const stop = bed.registry.follow('acme', 1, (count) => counts.push(count));
    expect(counts.at(-1)).toEqual({ acknowledged: 0, missing: 1, waitedOut: 0 });
    const asked = await watcher.until(({ acknowledgeNow }) => acknowledgeNow);
    expect(asked).toMatchObject({ previousRevision: 1, events: [], revision: 1, heartbeat: 0 });
    watcher.say({ acknowledgedRevision: 1 });
    await expect.poll(() => counts.at(-1)).toEqual({ acknowledged: 1, missing: 0, waitedOut: 0 });
    stop();
  });

  it('take one who acknowledges the future for one who did not', async () => {
    using watcher = watch().start();
    await watcher.until();
    await end('user', 'user-ann');
    await watcher.until(({ revision }) => revision === 1);
    watcher.say({ acknowledgedRevision: 2 });
    await watcher.failure;
    const counts: object[] = [];
    bed.registry.follow('acme', 1, (count) => counts.push(count))();
    expect(counts).toEqual([{ acknowledged: 0, missing: 1, waitedOut: 0 }]);
  });
});
