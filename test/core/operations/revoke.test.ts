import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import type { IssuedTokens } from '../../../src/core/operations/new-tokens.ts';
import { type RevokeRequest, revoke } from '../../../src/core/operations/revoke.ts';
import { parseToken, tokenIdOf } from '../../../src/core/token-form.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  clientCredentialOf,
  expectRefused,
  isActive,
  isTokenLive,
  login,
  makeWorld,
  refreshed,
  revisionOf,
  type World,
} from '../fixtures.ts';
import { issue } from '../issue.ts';
import { madeUp, someFamilyId } from '../made-up.ts';

let bed: TestBed;
let world: World;
let tokens: IssuedTokens;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
  tokens = await login(world);
});

function by(request: RevokeRequest, call: Call = world.backend): Promise<{ revision: number }> {
  return revoke(world.services, call, request);
}

/** Every way of naming the family of a pair. */
function ways({ accessToken, refreshToken = '', tokenId, familyId }: IssuedTokens): RevokeRequest[] {
  const generation = parseToken(refreshToken)?.generation ?? 0;
  const refreshTokenId = tokenIdOf('refresh', familyId, generation);
  return [
    { by: 'token', token: accessToken },
    { by: 'token', token: refreshToken },
    { by: 'token_id', tokenId },
    { by: 'token_id', tokenId: refreshTokenId },
    { by: 'family_id', familyId },
  ];
}

describe.each([0, 1, 2, 3, 4])('by each way (%i)', (index) => {
  function way(pair: IssuedTokens): RevokeRequest {
    return ways(pair)[index] ?? { by: 'token', token: '' };
  }

  it('ends the whole family, and its revision knows it', async () => {
    const bystander = await login(world);
    expect(await by(way(tokens))).toMatchObject({ revision: 1 });

    expect(await isActive(world, tokens.accessToken)).toBe(false);
    await expectRefused(refreshed(world, tokens), 'invalid_refresh_token');
    expect(await isActive(world, bystander.accessToken)).toBe(true);
    expect(await revisionOf(world)).toBe(1);
  });

  it('ends what descends from it, also when the one that is named is old', async () => {
    const second = await refreshed(world, await refreshed(world, tokens));
    await by(way(tokens));

    expect(await isTokenLive(world, second.accessToken)).toBe(false);
    await expectRefused(refreshed(world, second), 'invalid_refresh_token');
  });

  it('answers a second time with the revision that is current, and makes no event', async () => {
    await by(way(tokens));
    await by({ by: 'family_id', familyId: (await login(world)).familyId });

    expect(await by(way(tokens))).toMatchObject({ revision: 2 });
  });

  it('does nothing in another tenant, and tells the revision of that one', async () => {
    const other = await makeWorld(bed);
    for (const call of [other.backend, other.admin]) {
      expect(await by(way(tokens), call)).toMatchObject({ revision: 0 });
    }
    expect(await isTokenLive(world, tokens.accessToken)).toBe(true);
  });

  it('is an admin’s right, whosoever’s family it is', async () => {
    expect(await by(way(tokens), world.admin)).toMatchObject({ revision: 1 });
  });
});

describe('by the token itself', () => {
  it('is everybody’s right who holds it', async () => {
    for (const call of [world.app, world.backend, world.watcher]) {
      const { accessToken, refreshToken = '' } = await login(world);
      await by({ by: 'token', token: call === world.app ? refreshToken : accessToken }, call);
      expect(await isTokenLive(world, accessToken)).toBe(false);
    }
  });

  it('answers rubbish and what is unknown, for the purpose is achieved (RFC 7009 section 2.2)', async () => {
    await by({ by: 'token', token: tokens.accessToken });
    const { accessToken: foreign } = await login(await makeWorld(bed));
    for (const token of ['rubbish', foreign, `${tokens.accessToken}x`, madeUp('access'), madeUp('refresh')]) {
      expect(await by({ by: 'token', token })).toMatchObject({ revision: expect.any(Number) });
    }
    expect(await revisionOf(world)).toBe(1);
  });
});

describe('by a public id', () => {
  it('is the right of the client that the family was issued to', async () => {
    for (const request of ways(tokens).slice(2)) {
      await expectRefused(by(request, world.watcher), 'permission_denied');
    }
    expect(await isTokenLive(world, tokens.accessToken)).toBe(true);
  });

  it('is no public client’s right, not even for its own', async () => {
    tokens = await login(world, world.app);
    for (const request of ways(tokens).slice(2)) {
      await expectRefused(by(request, world.app), 'permission_denied');
    }
    expect(await isTokenLive(world, tokens.accessToken)).toBe(true);
  });

  it('is the right of the client whose secret a public caller presented', async () => {
    tokens = await issue(world.services, world.app, { credential: clientCredentialOf(world.backend) });
    await expectRefused(by({ by: 'token_id', tokenId: tokens.tokenId }, world.watcher), 'permission_denied');

    expect(await by({ by: 'token_id', tokenId: tokens.tokenId })).toMatchObject({ revision: 1 });
  });

  it('refuses another’s family also when it was revoked, so that ids can’t be told apart by it', async () => {
    await by({ by: 'family_id', familyId: tokens.familyId });
    await expectRefused(by({ by: 'family_id', familyId: tokens.familyId }, world.watcher), 'permission_denied');
  });

  it('answers an unknown id', async () => {
    const familyId = someFamilyId();
    for (const tokenId of ['ta_unknown', tokenIdOf('access', familyId, 0), tokenIdOf('refresh', familyId, 7)]) {
      expect(await by({ by: 'token_id', tokenId })).toMatchObject({ revision: 0 });
    }
    for (const unknown of ['fm_unknown', familyId]) {
      expect(await by({ by: 'family_id', familyId: unknown })).toMatchObject({ revision: 0 });
    }
    // Ids of one kind are no ids of the other.
    expect(await by({ by: 'family_id', familyId: tokens.tokenId })).toMatchObject({ revision: 0 });
    expect(await by({ by: 'token_id', tokenId: tokens.familyId })).toMatchObject({ revision: 0 });
  });
});

it('refuses nothing, too much, and a NUL as an invalid argument', async () => {
  for (const text of ['', 'x'.repeat(4_097), 'x\0']) {
    await expectRefused(by({ by: 'token', token: text }), 'invalid_argument');
    await expectRefused(by({ by: 'token_id', tokenId: text }), 'invalid_argument');
    await expectRefused(by({ by: 'family_id', familyId: text }), 'invalid_argument');
  }
});

it('ends nothing when its deadline has passed, and says so', async () => {
  const late = { ...world.backend, deadline: Date.now() - 1 };
  for (const request of ways(tokens)) {
    await expectRefused(by(request, late), 'deadline_exceeded');
  }
  expect(await isTokenLive(world, tokens.accessToken)).toBe(true);
});
