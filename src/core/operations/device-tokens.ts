/** The token of a device that never expires and belongs to no client: its owner gives it, reads it again and takes it. */
import type { PutDeviceToken } from '../commands/put-device-token.ts';
import { SymbolonError } from '../errors.ts';
import { given } from '../given.ts';
import type { Instant } from '../model.ts';
import { one } from '../plan.ts';
import { readDeviceToken } from '../rules/device-tokens.ts';
import { isFamilyLive } from '../rules/liveness.ts';
import type { Services } from '../services/services.ts';
import type { DeviceToken } from '../tables/device-tokens.ts';
import { FAMILY } from '../tables/families.ts';
import type { Subject } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';
import { type Access, besideUser, type DeviceRef, requireDevice, requireOwnDevice } from './access.ts';
import type { Call } from './authenticate.ts';
import { newFamily } from './new-tokens.ts';
import { type GivenProof, withOwnProof } from './own-proof.ts';
import { perform } from './perform.ts';

export const DEVICE_TOKEN_PURPOSE = 'device_token';

export interface GivenDeviceToken {
  readonly device: Subject;
  readonly accessToken: string;
  readonly familyId: string;
  /** The client that asked for it; empty: none did. */
  readonly byClientId: string;
  readonly createTime: Instant;
}

export interface HowPut extends Pick<PutDeviceToken, 'replaces'> {
  /** The owner's password, where it is asked for; it is a guess as at a login. */
  readonly proof?: GivenProof | undefined;
}

/**
 * By an admin, an owner of the device, or the device itself; `ownerAccessToken`: by its user, beside the client that presents it. The one
 * that the device had before ends.
 */
export function putDeviceToken(
  services: Services,
  call: Call,
  ref: DeviceRef,
  ownerAccessToken?: string,
  { replaces, proof: asked }: HowPut = {},
): Promise<GivenDeviceToken & { readonly revision: number }> {
  call.notes?.note({ event: 'login', credential: 'device_token' });
  return byRight(
    services,
    call,
    ref,
    ownerAccessToken,
    async ({ subject: device, permission, ownerId, call: acting }) => {
      const { tenantId, subjectId } = device;
      const { clientId: byClientId } = call.caller;
      const { pair, begun } = await newFamily(services, 'DEVICE');
      const { familyId, tokens } = begun;
      const { accessToken } = pair;
      const whose = { subjectId: ownerId ?? subjectId };
      const { revision } = await withOwnProof(services, acting, whose, asked, { needsFactor: false }, (proof) =>
        perform(services, acting, permission, {
          kind: 'put_device_token',
          tenantId,
          subjectId,
          ownerId,
          byClientId,
          familyId,
          ...given({ replaces, proof }),
          tokens: { keyId: tokens.keyId, accessDigest: tokens.accessDigest },
          sealed: services.keys.seal(DEVICE_TOKEN_PURPOSE, accessToken),
        }),
      );
      return { device, accessToken, familyId, byClientId, createTime: services.clock(), revision };
    },
  );
}

/** The same may read it again. `not_found` where the device has none that is live. */
export function getDeviceToken(
  services: Services,
  call: Call,
  ref: DeviceRef,
  ownerAccessToken?: string,
): Promise<GivenDeviceToken> {
  return byRight(services, call, ref, ownerAccessToken, ({ subject }) => readLiveToken(services, subject));
}

/** Ends it, and answers it as it was. */
export function dropDeviceToken(
  services: Services,
  call: Call,
  ref: DeviceRef,
  ownerAccessToken?: string,
): Promise<GivenDeviceToken & { readonly revision: number }> {
  call.notes?.note({ event: 'revoke' });
  return byRight(
    services,
    call,
    ref,
    ownerAccessToken,
    async ({ subject: device, permission, ownerId, call: acting }) => {
      const given = await readLiveToken(services, device);
      const { tenantId, subjectId } = device;
      const { familyId } = given;
      const { revision } = await perform(services, acting, permission, {
        kind: 'drop_device_token',
        tenantId,
        subjectId,
        ownerId,
        familyId,
      });
      return { ...given, revision };
    },
  );
}

async function byRight<A>(
  services: Services,
  call: Call,
  ref: DeviceRef,
  ownerAccessToken: string | undefined,
  act: (access: Access) => Promise<A>,
): Promise<A> {
  if (ownerAccessToken === undefined) {
    return act(await requireDevice(services, call, ref));
  }
  const access = await requireOwnDevice(services, call, ref, ownerAccessToken);
  return besideUser(services, call, ownerAccessToken, () => act(access));
}

async function readLiveToken({ store, keys, clock }: Services, device: Subject): Promise<GivenDeviceToken> {
  const { tenantId, subjectId } = device;
  const { tenant, token } = await store.read({
    tenant: one(TENANT, { tenantId }),
    token: readDeviceToken(tenantId, subjectId),
  });
  const { family } = await store.read({ family: one(FAMILY, token && { familyId: token.familyId }) });
  const isLive =
    tenant !== undefined &&
    family !== undefined &&
    isFamilyLive({ family, tenant, client: undefined, subject: device, consent: undefined }, clock());
  if (token === undefined || !isLive) {
    throw new SymbolonError('not_found', 'The device has no token. Give it one');
  }
  return { device, accessToken: openToken(keys, token), ...factsOf(token) };
}

function factsOf({ familyId, clientId: byClientId, createTime }: DeviceToken) {
  return { familyId, byClientId, createTime };
}

function openToken(keys: Services['keys'], { sealed }: DeviceToken): string {
  const text = keys.unseal(DEVICE_TOKEN_PURPOSE, sealed);
  if (text === undefined) {
    throw new SymbolonError(
      'precondition_failed',
      'The token can’t be read any more: the server’s key is another now. Give the device a new one',
    );
  }
  return text;
}
