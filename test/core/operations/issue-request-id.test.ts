import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KEPT_ANSWER_LIFETIME_MS } from '../../../src/core/lifetimes.ts';
import { authenticate } from '../../../src/core/operations/authenticate.ts';
import type { Credential } from '../../../src/core/operations/credentials.ts';
import { issue as issueOrAsk } from '../../../src/core/operations/issue.ts';
import { enrollTotp } from '../../../src/core/operations/second-factors.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  ANN,
  bearer,
  clientCredentialOf,
  enroll,
  expectRefused,
  isActive,
  LAMP,
  login,
  makeWorld,
  type World,
} from '../fixtures.ts';
import { issue } from '../issue.ts';

const HOUR = 3_600_000;

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

describe('a request id', () => {
  const requestId = '0b1a5c46-6f0f-4d7c-8f3e-1d2c3b4a5968';

  it('makes the same request answer the same tokens, at once and later', async () => {
    const first = await login(world, world.backend, { requestId, scopes: ['read'] });
    world.clock.advance(KEPT_ANSWER_LIFETIME_MS - 1);

    expect(await login(world, world.backend, { requestId, scopes: ['read'] })).toEqual(first);
    expect(await isActive(world, first.accessToken)).toBe(true);
  });

  it('makes twenty parallel requests answer the same tokens', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => login(world, world.app, { requestId })));
    for (const answer of answers) {
      expect(answer).toEqual(answers[0]);
    }
  });

  it('of a password answers no tokens once a second factor is set up, and until then it does', async () => {
    const first = await login(world, world.backend, { requestId });
    const ref = { by: 'user_id', userId: world.annId } as const;
    await enrollTotp(bed.services, world.admin, ref, undefined);
    // Nothing is asked for before it is confirmed.
    expect(await login(world, world.backend, { requestId })).toEqual(first);
    await enroll(world, world.annId);
    await expectRefused(login(world, world.backend, { requestId }), 'request_id_reused');
    const another = { credential: ANN, requestId: 'another-request-id' };
    expect(await issueOrAsk(bed.services, world.backend, another)).toHaveProperty('mfaToken');
    expect(await isActive(world, first.accessToken)).toBe(true);
  });

  it('is free again after ten minutes', async () => {
    const first = await login(world, world.backend, { requestId });
    world.clock.advance(10 * 60_000);

    expect((await login(world, world.backend, { requestId })).familyId).not.toBe(first.familyId);
  });

  it('is the calling client’s own', async () => {
    const answers = [
      await login(world, world.backend, { requestId }),
      await login(world, world.app, { requestId }),
      await login(world, world.admin, { requestId }),
    ];
    expect(new Set(answers.map(({ familyId }) => familyId)).size).toBe(3);
  });

  it('is refused for another request, and stays good for the first', async () => {
    const first = await login(world, world.backend, { requestId });
    const { now } = world.clock;
    for (const other of [
      { credential: LAMP },
      { credential: clientCredentialOf(world.backend) },
      { scopes: ['read'] },
      { expireTime: now + HOUR },
    ]) {
      await expectRefused(login(world, world.backend, { requestId, ...other }), 'request_id_reused');
    }
    expect(await login(world, world.backend, { requestId })).toEqual(first);
  });

  it('opens nothing without the credential', async () => {
    await login(world, world.backend, { requestId });
    const credential = { ...ANN, password: 'wrong' } as Credential;

    await expectRefused(login(world, world.backend, { requestId, credential }), 'invalid_credentials');
  });

  it('opens nothing for a caller that proves itself in another way', async () => {
    const { accessToken } = await issue(world.services, world.backend, {
      credential: clientCredentialOf(world.backend),
    });
    await login(world, world.backend, { requestId });
    const caller = await authenticate(world.services, bearer(accessToken));

    await expectRefused(login(world, { caller }, { requestId }), 'request_id_reused');
  });

  it('answers the same without a refresh token', async () => {
    const credential = { kind: 'anonymous', clientId: world.tenantId } as const;
    const first = await issue(world.services, world.app, { credential, requestId });

    expect(first.refreshToken).toBeUndefined();
    expect(await issue(world.services, world.app, { credential, requestId })).toEqual(first);
  });

  it('of a request that was refused is still free', async () => {
    await expectRefused(login(world, world.backend, { requestId, scopes: ['delete'] }), 'scope_not_allowed');

    expect((await login(world, world.backend, { requestId })).subjectId).toBe(world.annId);
  });
});
