/** What the holder of a dead token is told of its end, by Refresh and by DescribeToken. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommandData } from '../../src/core/commands/index.ts';
import { SymbolonError } from '../../src/core/errors.ts';
import type { EndedBy } from '../../src/core/model.ts';
import { addClientSecret } from '../../src/core/operations/client-secrets.ts';
import { describeToken } from '../../src/core/operations/describe-token.ts';
import type { IssuedTokens } from '../../src/core/operations/new-tokens.ts';
import { changeUserPassword } from '../../src/core/operations/passwords.ts';
import { revoke } from '../../src/core/operations/revoke.ts';
import { make, type TestBed, testServices } from '../support.ts';
import { ANN, clientCredentialOf, confirmed, cutOff, isActive, login, makeWorld, refreshed } from './fixtures.ts';
import { issue } from './issue.ts';
import { replaceServerKey } from './key-replacement.ts';
import { madeUp } from './made-up.ts';
import { type Stage, setStage } from './matrix/states.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** `live`: it was not refused. */
type Told = EndedBy | 'nothing' | 'live';

async function told(call: Promise<unknown>, code: string): Promise<Told> {
  const outcome = await call.then(
    () => 'live' as const,
    (error: unknown) => error,
  );
  if (outcome === 'live') {
    return outcome;
  }
  expect(outcome).toMatchObject({ name: 'SymbolonError', code });
  return outcome instanceof SymbolonError ? (outcome.endedBy ?? 'nothing') : 'nothing';
}

type Of = 'user' | 'device' | 'client' | 'endNode';

export function itTellsWhatEnded(openBed: () => Promise<TestBed>): void {
  let bed: TestBed;
  let stage: Stage;

  beforeAll(async () => {
    bed = await openBed();
  });
  afterAll(() => bed.close());
  beforeEach(async () => {
    stage = await setStage(bed);
  });

  const byRefresh = (tokens: IssuedTokens, call = stage.world.backend) =>
    told(refreshed(stage.world, tokens, call), 'invalid_refresh_token');
  const byDescription = (accessToken: string, call = stage.world.app) =>
    told(describeToken(stage.world.services, call, accessToken), 'invalid_credentials');
  /** By both. */
  const ofBoth = async (of: Of = 'user') => [await byRefresh(stage[of]), await byDescription(stage[of].accessToken)];
  const happen = (command: CommandData) => make(bed.store, command);
  const end = (kind: 'user' | 'device' | 'client' | 'tenant', id: string, cause: 'revoked' | 'disabled' | 'deleted') =>
    happen(cutOff(stage.world, kind, id, cause));
  const enable = (kind: 'user' | 'client' | 'tenant', id: string) =>
    happen({ kind: 'enable', tenantId: stage.world.tenantId, target: { kind, id } });
  const endLogin = (of: Of = 'user') =>
    revoke(bed.services, stage.world.backend, { by: 'family_id', familyId: stage[of].familyId });

  const ENDS: Record<string, readonly [Of, Told, () => Promise<unknown>]> = {
    'a revocation': ['user', 'revoked', () => endLogin()],
    'a revocation of all of the user': ['user', 'revoked', () => end('user', stage.world.annId, 'revoked')],
    'a new password': [
      'user',
      'password_changed',
      () => {
        const ref = { by: 'user_id', userId: stage.world.annId } as const;
        return changeUserPassword(bed.services, stage.world.admin, ref, undefined, 'another password');
      },
    ],
    'the disabling of the user': ['user', 'disabled', () => end('user', stage.world.annId, 'disabled')],
    'the disabling of a user who was enabled since': [
      'user',
      'disabled',
      async () => {
        await end('user', stage.world.annId, 'disabled');
        await enable('user', stage.world.annId);
      },
    ],
    'the deletion of the user': ['user', 'deleted', () => end('user', stage.world.annId, 'deleted')],
    'the disabling of the device': ['device', 'disabled', () => end('device', stage.world.lampId, 'disabled')],
    'the deletion of the device': ['device', 'deleted', () => end('device', stage.world.lampId, 'deleted')],
    'a revocation of all of the tenant': ['user', 'revoked', () => end('tenant', stage.world.tenantId, 'revoked')],
    'a backup that was put back': [
      'user',
      'restored',
      () => happen({ kind: 'rewind_tenant', tenantId: stage.world.tenantId, keepTokens: false }),
    ],
    'a revocation of all of the client': [
      'client',
      'revoked',
      () => end('client', stage.world.backend.caller.clientId, 'revoked'),
    ],
    'the end of the gateway’s login, for its end node': ['endNode', 'revoked', () => endLogin('device')],
    'the disabling of the gateway, for its end node': [
      'endNode',
      'disabled',
      () => end('device', stage.world.lampId, 'disabled'),
    ],
  };

  it.each(Object.entries(ENDS))('after %s', async (_, [of, cause, act]) => {
    expect(await byDescription(stage[of].accessToken)).toBe('live');
    await act();
    expect(await ofBoth(of)).toEqual([cause, cause]);
  });

  it('nothing of those that live', async () => {
    expect(await byDescription(stage.user.accessToken)).toBe('live');
    expect(await byRefresh(stage.user)).toBe('live');
  });

  describe('of several ends', () => {
    it('the first', async () => {
      await endLogin();
      await end('user', stage.world.annId, 'disabled');
      expect(await ofBoth()).toEqual(['revoked', 'revoked']);
    });

    it('the first, also where the other is of the whole tenant', async () => {
      await end('user', stage.world.annId, 'disabled');
      await end('tenant', stage.world.tenantId, 'revoked');
      expect(await ofBoth()).toEqual(['disabled', 'disabled']);
    });

    it('a revocation that came before the token would have expired', async () => {
      await endLogin();
      bed.clock.advance(2 * 60 * MINUTE);
      expect(await ofBoth()).toEqual(['revoked', 'revoked']);
    });

    it('that it has expired, and nothing of what came after', async () => {
      bed.clock.advance(30 * MINUTE);
      expect(await byDescription(stage.user.accessToken)).toBe('expired');
      await end('user', stage.world.annId, 'disabled');
      expect(await ofBoth()).toEqual(['disabled', 'expired']);
      bed.clock.advance(60 * MINUTE);
      // The login had not expired when its user was disabled.
      expect(await ofBoth()).toEqual(['disabled', 'expired']);
    });

    it('that it has expired, where it is not known when its user was deleted', async () => {
      await end('user', stage.world.annId, 'deleted');
      bed.clock.advance(90 * MINUTE);
      expect(await ofBoth()).toEqual(['expired', 'expired']);
    });
  });

  it('that a login has expired, and nothing once it is forgotten', async () => {
    bed.clock.advance(90 * MINUTE);
    expect(await ofBoth()).toEqual(['expired', 'expired']);
    while ((await bed.store.purgeExpired(1_000, bed.clock.now)) > 0) {
      // Until nothing is left that may go.
    }
    expect(await ofBoth()).toEqual(['nothing', 'nothing']);
  });

  it('that it was revoked, where the log has forgotten why', async () => {
    const world = await makeWorld(bed, { refreshLifetimeMs: 100 * DAY, defaultTokenLifetimeMs: 100 * DAY });
    const [revoked, disabled] = [await login(world), await login(world)];
    stage = { ...stage, world };
    await revoke(bed.services, world.backend, { by: 'family_id', familyId: revoked.familyId });
    await end('user', world.annId, 'disabled');
    bed.clock.advance(31 * DAY);
    while ((await bed.store.purgeExpired(1_000, bed.clock.now)) > 0) {
      // Until nothing is left that may go.
    }
    expect(await byRefresh(revoked)).toBe('revoked');
    expect(await byRefresh(disabled)).toBe('disabled');
  });

  it('that an old refresh token came back, to those who present one of that login', async () => {
    const second = await refreshed(stage.world, stage.user);
    await isActive(stage.world, second.accessToken);
    await confirmed(stage.world, second.accessToken);
    expect(await byRefresh(stage.user)).toBe('refresh_reuse');
    expect(await byRefresh(stage.user)).toBe('refresh_reuse');
    expect(await byRefresh(second)).toBe('refresh_reuse');
    expect(await byDescription(second.accessToken)).toBe('refresh_reuse');
  });

  it('nothing of an access token that a refresh has replaced, also when its login ends later', async () => {
    const second = await refreshed(stage.world, stage.user);
    const { accessToken } = stage.user;
    expect(await byDescription(accessToken)).toBe('nothing');
    // When the new access token expires says nothing about the old one.
    bed.clock.advance(30 * MINUTE);
    expect(await byDescription(accessToken)).toBe('nothing');
    await end('user', stage.world.annId, 'disabled');
    expect(await byDescription(accessToken)).toBe('nothing');
    expect(await byRefresh(second)).toBe('disabled');
    bed.clock.advance(90 * MINUTE);
    expect(await byDescription(accessToken)).toBe('nothing');
    expect(await byRefresh(second)).toBe('disabled');
  });

  it('nothing where the tenant has no refresh any more, while the login lives', async () => {
    const { tenantId } = stage.world;
    await happen({ kind: 'update_tenant', tenantId, policy: { refreshEnabled: false } });
    expect(await byRefresh(stage.user)).toBe('nothing');
    await endLogin();
    expect(await byRefresh(stage.user)).toBe('revoked');
  });

  it('nothing to a client that the refresh token was not issued to', async () => {
    await endLogin();
    const { app, admin, watcher } = stage.world;
    for (const call of [app, admin, watcher]) {
      expect(await byRefresh(stage.user, call)).toBe('nothing');
    }
  });

  it('also to the public caller that presented a client’s secret, when that client is gone', async () => {
    const { services, app, backend } = stage.world;
    const tokens = await issue(services, app, { credential: clientCredentialOf(backend) });
    await end('client', backend.caller.clientId, 'disabled');
    expect(await byRefresh(tokens, app)).toBe('disabled');
    expect(await byDescription(tokens.accessToken)).toBe('disabled');
    await end('client', backend.caller.clientId, 'deleted');
    expect(await byRefresh(tokens, app)).toBe('deleted');
  });

  it('of a client that was made anew, that it was deleted', async () => {
    const { tenantId, backend, annId } = stage.world;
    const { clientId } = backend.caller;
    await end('client', clientId, 'deleted');
    // The new one begins with a revision that is about somebody else.
    await end('user', annId, 'disabled');
    const client = { clientId, tenantId, displayName: '', confidential: false, roles: [], scopes: [] };
    await happen({ kind: 'create_client', client });
    expect(await byDescription(stage.client.accessToken)).toBe('deleted');
  });

  it('that a client’s secret leaked', async () => {
    const { services, admin, backend } = stage.world;
    await addClientSecret(services, admin, { clientId: backend.caller.clientId, reset: true });
    expect(await byDescription(stage.client.accessToken)).toBe('secret_reset');
  });

  it('nothing of another tenant’s tokens', async () => {
    const { user } = stage;
    await endLogin();
    const other = await makeWorld(bed);
    stage = { ...stage, world: other };
    expect([await byRefresh(user), await byDescription(user.accessToken)]).toEqual(['nothing', 'nothing']);
  });

  it('nothing of what was made up, though it names a login that has ended', async () => {
    await endLogin();
    const { familyId } = stage.user;
    const keyId = stage.user.accessToken.charAt(5);
    for (const key of [keyId, '0', 'z']) {
      const [access, refreshToken] = [
        madeUp('access', { keyId: key, familyId }),
        madeUp('refresh', { keyId: key, familyId }),
      ];
      expect(await byDescription(access)).toBe('nothing');
      expect(await byRefresh({ ...stage.user, refreshToken })).toBe('nothing');
    }
  });

  it('nothing where the other kind of token is presented', async () => {
    await endLogin();
    const { accessToken, refreshToken = '' } = stage.user;
    expect(await byDescription(refreshToken)).toBe('nothing');
    expect(await byRefresh({ ...stage.user, refreshToken: accessToken })).toBe('nothing');
  });

  it('of a key that is lost, only what the row knows by its digest', async () => {
    const { world, user } = stage;
    const second = await refreshed(world, user);
    const third = await refreshed(world, second);
    await endLogin();
    const services = testServices(bed.store, bed.services.passwords, bed.clock);
    await replaceServerKey(bed.store, { leaked: true, fingerprint: services.keys.fingerprint });
    await services.tagKeys.minting().catch(() => undefined);
    bed.clock.advance(5_000);
    stage = { ...stage, world: { ...world, services } };
    expect(await byRefresh(user)).toBe('nothing');
    expect(await byDescription(user.accessToken)).toBe('nothing');
    expect(await byDescription(second.accessToken)).toBe('nothing');
    expect(await byRefresh(second)).toBe('revoked');
    expect(await byRefresh(third)).toBe('revoked');
    expect(await byDescription(third.accessToken)).toBe('revoked');
    expect(await login(stage.world, world.backend, { credential: ANN })).toBeDefined();
  });
}
