/** Authorizing a device without a browser: it shows a code, and its user types that elsewhere (RFC 8628). */
import { type DeviceAuthorization, USER_CODE_TAKEN } from '../commands/begin-device-authorization.ts';
import { INVALID_CODE, SymbolonError } from '../errors.ts';
import { MAX_TOKEN } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import { one } from '../plan.ts';
import { addressCounters, userCodeCounter } from '../rules/counters.ts';
import { type DeviceDecision, deviceCodePayload, userCodePayload } from '../rules/device-authorizations.ts';
import { DEVICE_CODE_PREFIX, digestOf, formatSecret, SECRET_BYTES } from '../secrets.ts';
import { readSingleUse } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import { CLIENT, type Client } from '../tables/clients.ts';
import { RESOURCE_SERVER } from '../tables/resource-servers.ts';
import type { SingleUse } from '../tables/single-use.ts';
import { MAX_USER_CODE, newUserCode, showUserCode, toUserCode } from '../text/user-codes.ts';
import { type Call, isStranger } from './authenticate.ts';
import { requireSignedInUser } from './authorize.ts';
import { guess } from './guess.ts';
import type { IssuedTokens } from './new-tokens.ts';
import { answerOf, execute, perform } from './perform.ts';
import { redeem } from './redeem-authorization-code.ts';
import { requireScopes, requireText } from './validate.ts';

export interface BegunDeviceAuthorization extends DeviceAuthorization {
  readonly deviceCode: string;
  /** `XXXX-XXXX`. */
  readonly userCode: string;
}

export interface DeviceRequest {
  /** Absent or empty: all that the client registered. */
  readonly scopes?: readonly string[] | undefined;
  readonly resource?: string | undefined;
}

/** What one network address may begin a minute; each is two rows until they expire. */
const MAX_BEGUN = 120;
/** By then chance is not what takes them. */
const MAX_TRIES = 5;

export async function beginDeviceAuthorization(
  services: Services,
  call: Call,
  { scopes = [], resource }: DeviceRequest,
): Promise<BegunDeviceAuthorization> {
  requirePermission(call.caller, 'issue');
  const { tenantId, clientId } = call.caller;
  if (isStranger(call.caller)) {
    await services.addressBudgets.deviceCodes.spend(tenantId, call.address, MAX_BEGUN);
  }
  const asked = {
    kind: 'begin_device_authorization',
    tenantId,
    clientId,
    scopes: requireScopes(scopes),
    resource,
  } as const;
  for (let tries = 1; ; tries++) {
    const deviceCode = formatSecret(DEVICE_CODE_PREFIX, services.random(SECRET_BYTES));
    const userCode = newUserCode(services.random);
    const digests = { deviceDigest: digestOf(deviceCode), userDigest: userDigest(services, tenantId, userCode) };
    const outcome = await execute(services, call, 'issue', { ...asked, ...digests });
    const isTaken = 'refusal' in outcome && outcome.refusal.message === USER_CODE_TAKEN.message;
    if (!isTaken || tries === MAX_TRIES) {
      return { deviceCode, userCode: showUserCode(userCode), ...answerOf(outcome) };
    }
  }
}

/** To be asked before a code is made: it is worth nothing without the address of its page. */
export function requireIssuer({ issuerOf }: Pick<Services, 'issuerOf'>, { caller }: Call): string {
  const issuer = issuerOf(caller.tenantId);
  if (issuer === undefined) {
    throw new SymbolonError(
      'precondition_failed',
      'The server does not know how browsers reach it. Start it with --public-url',
    );
  }
  return issuer;
}

/** Where the user types the code, below the issuer (RFC 8628 section 3.2). */
export function verificationOf(issuer: string, userCode: string) {
  const verificationUri = `${issuer}/device`;
  return { verificationUri, verificationUriComplete: `${verificationUri}?user_code=${encodeURIComponent(userCode)}` };
}

/** Of few letters: who reads the store alone can't try them all. */
function userDigest({ keys }: Pick<Services, 'keys'>, tenantId: string, code: string): Uint8Array {
  return keys.digest('user code', `${tenantId}\0${code}`);
}

/** What a device asks for, as its user is shown it. */
export interface AskingDevice {
  readonly client: Client;
  readonly scopes: readonly string[];
  readonly audience: string | null;
  /** As the operator called that resource server; empty: without a name. */
  readonly audienceName: string;
}

/** The device that shows a code. A wrong code is counted to the user, over all that it types (RFC 8628 section 5.1). */
export async function findDeviceAuthorization(services: Services, call: Call, userCode: string): Promise<AskingDevice> {
  return guessUserCode(services, call, userCode, async ({ asking, counters }) => {
    const { tenantId } = call.caller;
    const { deadline: _, ...patient } = call;
    // Right, but not forgotten: who knows a code of its own must not guess others' without an end.
    const end = { kind: 'end_guess', tenantId, counters, end: 'given_back', failed: [] } as const;
    await perform(services, patient, 'act_for_user', end);
    return asking;
  });
}

/** Writes what the user decided; approving writes the consent too. */
export async function decideDeviceAuthorization(
  services: Services,
  call: Call,
  userCode: string,
  decision: DeviceDecision,
): Promise<void> {
  const subjectId = requireSignedInUser(call);
  const { tenantId } = call.caller;
  await guessUserCode(services, call, userCode, ({ typed, device, counters }) =>
    perform(services, call, 'act_for_user', {
      kind: 'decide_device_authorization',
      tenantId,
      subjectId,
      userDigest: typed.digest,
      deviceDigest: device.digest,
      decision,
      counters,
    }),
  );
}

interface Found {
  readonly typed: SingleUse;
  readonly device: SingleUse;
  readonly asking: AskingDevice;
}

async function guessUserCode<A>(
  services: Services,
  call: Call,
  userCode: string,
  act: (found: Found & { readonly counters: readonly ReturnType<typeof userCodeCounter>[] }) => Promise<A>,
): Promise<A> {
  const counters = [userCodeCounter(requireSignedInUser(call))];
  requireText(userCode, 'user_code', MAX_USER_CODE);
  return guess(services, call, {
    permission: 'act_for_user',
    counters: { own: counters, address: addressCounters(call.address) },
    refusal: INVALID_CODE,
    check: () => findTyped(services, call.caller.tenantId, userCode),
    act: (found) => act({ ...found, counters }),
  });
}

async function findTyped(services: Services, tenantId: string, userCode: string): Promise<Found | undefined> {
  const code = toUserCode(userCode);
  const { store, clock } = services;
  if (code === undefined) {
    return undefined;
  }
  const typed = await readSingleUse(store, tenantId, 'user_code', userDigest(services, tenantId, code));
  if (typed === undefined || typed.expireTime <= clock()) {
    return undefined;
  }
  const digest = new Uint8Array(Buffer.from(userCodePayload(typed).deviceDigest, 'hex'));
  const device = await readSingleUse(store, tenantId, 'device_code', digest);
  const { client } = await store.read({ client: one(CLIENT, { clientId: typed.clientId, tenantId }) });
  if (device === undefined || client === undefined || deviceCodePayload(device).decision !== null) {
    return undefined;
  }
  const { scopes, audience } = deviceCodePayload(device);
  const { server } = await store.read({
    server: one(RESOURCE_SERVER, audience === null ? undefined : { tenantId, resourceServerId: audience }),
  });
  return { typed, device, asking: { client, scopes, audience, audienceName: server?.displayName ?? '' } };
}

export interface DeviceCodeCredential {
  readonly kind: 'device_code';
  readonly deviceCode: string;
}

/** The device's question: its tokens once the user has approved, and else why not. */
export async function redeemDeviceCode(
  services: Services,
  call: Call,
  { deviceCode }: DeviceCodeCredential,
  resource?: string,
): Promise<IssuedTokens> {
  requireText(deviceCode, 'device_code', MAX_TOKEN);
  return redeem(services, call, DEVICE_CODE_PREFIX, deviceCode, (begun) => ({
    kind: 'redeem_device_code',
    digest: digestOf(deviceCode),
    resource,
    ...begun,
  }));
}
