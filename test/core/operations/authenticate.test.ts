import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authenticate, clientCredential } from '../../../src/core/operations/authenticate.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { bearer, clientCredentialOf, expectRefused, LAMP, login, makeWorld, type World } from '../fixtures.ts';
import { issue } from '../issue.ts';
import { madeUp } from '../made-up.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

it('knows each client with its tenant and its standings', () => {
  const standingsOf = ({ caller }: World['app']) => [caller.tenantId, ...caller.standings];

  expect(standingsOf(world.app)).toEqual([world.tenantId, 'public']);
  expect(standingsOf(world.backend)).toEqual([world.tenantId, 'client']);
  expect(standingsOf(world.watcher)).toEqual([world.tenantId, 'client', 'introspect']);
  expect(standingsOf(world.admin)).toEqual([world.tenantId, 'client', 'admin']);
});

describe('a client is refused', () => {
  it('with a wrong secret, with none, and with another’s', async () => {
    const { clientId } = world.backend.caller;
    const others = clientCredentialOf(world.admin);
    for (const secret of ['wrong', '', others.kind === 'client' ? others.clientSecret : '']) {
      await expectRefused(authenticate(world.services, clientCredential(clientId, secret)), 'caller_unauthenticated');
    }
  });

  it('when it is unknown, or written in another case', async () => {
    const { clientId, credential } = world.backend.caller;
    const secret = credential.kind === 'client' ? credential.secret : '';
    for (const id of ['nobody', clientId.toUpperCase(), `${clientId} `, `${clientId}\0`]) {
      await expectRefused(authenticate(world.services, clientCredential(id, secret)), 'caller_unauthenticated');
    }
  });

  it('when there is no credential at all', async () => {
    await expectRefused(authenticate(world.services, undefined), 'caller_unauthenticated');
  });
});

describe('a bearer is', () => {
  it('the client of an APPLICATION or ADMIN token, with all of its standings', async () => {
    for (const call of [world.backend, world.watcher, world.admin]) {
      const { accessToken } = await issue(world.services, call, { credential: clientCredentialOf(call) });
      const caller = await authenticate(world.services, bearer(accessToken));

      const { tenantId, clientId, standings } = call.caller;
      expect(caller).toMatchObject({ tenantId, clientId, standings });
    }
  });

  it('nobody with a token of a user, of a device, or of nobody', async () => {
    const tokens = [
      await login(world),
      await login(world, world.admin),
      await login(world, world.app, { credential: LAMP }),
      await login(world, world.app, { credential: { kind: 'anonymous', clientId: world.tenantId } }),
    ];
    for (const { accessToken } of tokens) {
      await expectRefused(authenticate(world.services, bearer(accessToken)), 'caller_unauthenticated');
    }
  });

  it('nobody with a refresh token, an expired or an unknown one', async () => {
    const { accessToken, refreshToken } = await issue(world.services, world.backend, {
      credential: clientCredentialOf(world.backend),
      expireTime: world.clock.now + 1_000,
    });
    for (const token of [refreshToken, madeUp('access'), 'rubbish']) {
      await expectRefused(authenticate(world.services, bearer(token)), 'caller_unauthenticated');
    }
    await authenticate(world.services, bearer(accessToken));
    world.clock.advance(1_000);
    await expectRefused(authenticate(world.services, bearer(accessToken)), 'caller_unauthenticated');
  });
});
