/** What can be tried by somebody, each answered with one word. */
import { expect } from 'vitest';
import { SymbolonError } from '../../../src/core/errors.ts';
import { authenticate } from '../../../src/core/operations/authenticate.ts';
import type { Credential } from '../../../src/core/operations/credentials.ts';
import type { IssuedTokens } from '../../../src/core/operations/new-tokens.ts';
import { type RevokeRequest, revoke } from '../../../src/core/operations/revoke.ts';
import { totpCode } from '../../../src/core/totp.ts';
import {
  ANN,
  bearer,
  clientCredentialOf,
  isActive,
  LAMP,
  PASSWORD,
  refreshed,
  revisionOf,
  type World,
} from '../fixtures.ts';
import { issue } from '../issue.ts';
import type { Stage } from './states.ts';

/** The code of this time step was used up by enrolling. */
const STEP_MS = 30_000;

type Operation = (stage: Stage) => Promise<string>;

function issuing(credentialOf: (world: World) => Credential, by: 'backend' | 'app' = 'backend'): Operation {
  return async ({ world }) => {
    const answer = await issue(world.services, world[by], { credential: credentialOf(world) });
    // What is issued is live: nothing of the past hangs on to it.
    return (await isActive(world, answer.accessToken)) ? 'ok' : 'stillborn';
  };
}

function refreshing(of: 'user' | 'device' | 'client' | 'endNode'): Operation {
  return async (stage) => {
    const before = await revisionOf(stage.world);
    try {
      const answer = await refreshed(stage.world, stage[of]);
      return (await isActive(stage.world, answer.accessToken)) ? 'ok' : 'stillborn';
    } catch (error) {
      return before === (await revisionOf(stage.world)) ? codeOf(error) : 'caught';
    }
  };
}

function introspecting(of: 'user' | 'device' | 'client' | 'endNode'): Operation {
  return async (stage) => ((await isActive(stage.world, stage[of].accessToken)) ? 'active' : 'inactive');
}

function revoking(requestOf: (tokens: IssuedTokens) => RevokeRequest, by: 'backend' | 'admin' = 'backend'): Operation {
  return async ({ world, user }) => {
    const before = await revisionOf(world);
    const { revision } = await revoke(world.services, world[by], requestOf(user));
    expect(revision).toBe(await revisionOf(world));
    return revision === before ? 'nothing' : 'revoked';
  };
}

export const OPERATIONS: Record<string, Operation> = {
  'issue:user': issuing(() => ANN),
  'issue:mail': issuing(() => ({ kind: 'user', username: 'EMAIL:ann@example.com', password: PASSWORD }), 'app'),
  'issue:device': issuing((world) => ({ kind: 'device', deviceId: world.lampId, password: PASSWORD }), 'app'),
  'issue:vendor': issuing(() => LAMP),
  'issue:client': issuing((world) => clientCredentialOf(world.backend)),
  'issue:public': issuing((world) => clientCredentialOf(world.backend), 'app'),
  'issue:anon': issuing((world) => ({ kind: 'anonymous', clientId: world.tenantId }), 'app'),
  'issue:second': async ({ world, pending: { mfaToken }, secret }) => {
    const code = totpCode(secret, world.clock.now + STEP_MS);
    const factor = { by: 'totp', code } as const;
    const answer = await issue(world.services, world.backend, {
      credential: { kind: 'second_factor', mfaToken, factor },
    });
    return (await isActive(world, answer.accessToken)) ? 'ok' : 'stillborn';
  },
  'issue:end': async ({ world, device, bulbId }) => {
    const endNode = { by: 'device_id', deviceId: bulbId } as const;
    const credential = { kind: 'end_node', gatewayToken: device.accessToken, endNode } as const;
    const answer = await issue(world.services, world.backend, { credential });
    return (await isActive(world, answer.accessToken)) ? 'ok' : 'stillborn';
  },
  'refresh:end': refreshing('endNode'),
  'look:end': introspecting('endNode'),
  'refresh:user': refreshing('user'),
  'refresh:device': refreshing('device'),
  'refresh:client': refreshing('client'),
  'look:user': introspecting('user'),
  'look:device': introspecting('device'),
  'look:client': introspecting('client'),
  'revoke:token': revoking(({ accessToken }) => ({ by: 'token', token: accessToken })),
  'revoke:id': revoking(({ tokenId }) => ({ by: 'token_id', tokenId })),
  'revoke:family': revoking(({ familyId }) => ({ by: 'family_id', familyId })),
  // Whose client stands whatever happens to the other.
  'revoke:admin': revoking(({ familyId }) => ({ by: 'family_id', familyId }), 'admin'),
  Basic: async ({ world }) => {
    await authenticate(world.services, world.backend.caller.credential);
    return 'ok';
  },
  Bearer: async ({ world, client }) => {
    await authenticate(world.services, bearer(client.accessToken));
    return 'ok';
  },
};

export function codeOf(error: unknown): string {
  return error instanceof SymbolonError ? error.code : String(error);
}
