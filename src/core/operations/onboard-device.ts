/** A device that comes up for the first time, or again: it is made where it is new, logs in, and gets its owner. */
import { type ErrorCode, INVALID_CREDENTIALS, SymbolonError } from '../errors.ts';
import type { JsonText } from '../model.ts';
import { MAX_TOKEN } from '../names.ts';
import { isPermitted, requirePermission } from '../permissions.ts';
import { addressCounters, readCounters } from '../rules/counters.ts';
import { lockRefusal } from '../rules/guesses.ts';
import { findSubject, readTenant } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import type { Tenant } from '../tables/tenants.ts';
import { type Access, besideUser, type DeviceRef, deviceHandle, lookUp, requireUser } from './access.ts';
import { nameOwner } from './as-device.ts';
import { authenticateTokenHolder, type Call, isStranger } from './authenticate.ts';
import type { Credential } from './credentials.ts';
import { deviceRegistration } from './devices.ts';
import { issue } from './issue.ts';
import type { IssuedTokens } from './new-tokens.ts';
import { noteIssued } from './notes.ts';
import { countRegistration, type Registration, register, type TokenWish } from './registration.ts';
import { requireText } from './validate.ts';

export interface Onboarding {
  readonly ref: DeviceRef;
  readonly password: string;
  /** Of the user who becomes an owner. */
  readonly ownerAccessToken?: string | undefined;
  /** Of a device that is made. */
  readonly displayName?: string;
  readonly attributes?: JsonText;
  readonly withTokens?: TokenWish;
}

export interface Onboarded {
  readonly subject: Subject;
  readonly tokens: IssuedTokens;
  /** Whether it was made by this call. */
  readonly isNew: boolean;
}

export async function onboardDevice(services: Services, call: Call, request: Onboarding): Promise<Onboarded> {
  requirePermission(call.caller, 'issue');
  const { ref, withTokens, ownerAccessToken } = request;
  if (withTokens?.requestId !== undefined) {
    const about = { field: 'request_id', value: '' };
    const message = 'request_id must not be set here: repeat the call, and the device logs in again';
    throw new SymbolonError('invalid_argument', message, { about });
  }
  const registration = ref.by === 'vendor_id' ? registrationOf(services, ref.vendorId, request) : undefined;
  if (ownerAccessToken === undefined) {
    return onboard(services, call, request, registration, undefined);
  }
  // Before anything is made.
  const owner = await ownerOf(services, call, ownerAccessToken);
  return besideUser(services, call, ownerAccessToken, () => onboard(services, call, request, registration, owner));
}

async function onboard(
  services: Services,
  call: Call,
  request: Onboarding,
  registration: Registration | undefined,
  owner: Access | undefined,
): Promise<Onboarded> {
  const made = registration && (await makeNew(services, call, request.ref, registration, owner));
  if (made !== undefined) {
    return made;
  }
  const onboarded = await logIn(services, call, request);
  const isOwned = owner === undefined || onboarded.subject.ownerIds.includes(owner.subject.subjectId);
  return isOwned ? onboarded : withOwner(services, call, request, onboarded, owner);
}

function registrationOf(services: Services, vendorId: string, request: Onboarding): Registration {
  const { password, displayName, attributes, withTokens = { scopes: [] } } = request;
  return deviceRegistration(services, {
    vendorId,
    password,
    withTokens,
    ...(displayName === undefined ? {} : { displayName }),
    ...(attributes === undefined ? {} : { attributes }),
  });
}

async function ownerOf(services: Services, call: Call, accessToken: string): Promise<Access> {
  requireText(accessToken, 'owner_access_token', MAX_TOKEN);
  return requireUser(services, call, { by: 'access_token', accessToken });
}

/** Undefined where it is there, or may not be made: then a password decides, as at any login. */
async function makeNew(
  services: Services,
  call: Call,
  ref: DeviceRef,
  registration: Registration,
  owner: Access | undefined,
): Promise<Onboarded | undefined> {
  const known = await lookUp(services, call, 'device', deviceHandle(ref));
  if (known !== undefined || !(await mayMake(services, call))) {
    return undefined;
  }
  const ownerIds = owner === undefined ? [] : [owner.subject.subjectId];
  // The owner must stand in the transaction too.
  const acting = owner === undefined ? call : { ...call, caller: { ...call.caller, presenter: owner.call.caller } };
  try {
    const { subject, tokens } = await register(services, acting, {
      ...registration,
      subject: { ...registration.subject, ownerIds },
      isCounted: true,
    });
    return tokens && { subject, tokens, isNew: true };
  } catch (error) {
    if (error instanceof SymbolonError && error.code === 'already_exists') {
      // Somebody else made it meanwhile.
      return undefined;
    }
    throw error;
  }
}

/** By an admin; by others where the tenant lets devices register themselves, and a stranger's network address has not made too many. */
async function mayMake(services: Services, { caller, address }: Call): Promise<boolean> {
  if (isPermitted(caller, 'manage_subjects')) {
    return true;
  }
  const tenant = await readTenant(services.store, caller.tenantId);
  if (tenant?.policy.selfRegistration !== true) {
    return false;
  }
  if (!isStranger(caller)) {
    return true;
  }
  // An address that may not guess could else tell what is new by what it still can make.
  if (await isLocked(services, tenant, address)) {
    return false;
  }
  const { registrations } = services.addressBudgets;
  return registrations.trySpend(caller.tenantId, address, tenant.policy.registrationsPerAddress);
}

async function isLocked({ store, clock }: Services, tenant: Tenant, address: string | undefined): Promise<boolean> {
  const counters = addressCounters(address);
  const { failures } = await store.read({ failures: readCounters(tenant.tenantId, counters) });
  return lockRefusal(counters, { tenant, failures }, clock()) !== undefined;
}

/** How a login ends that proves nothing. A device that is new would be made instead. */
const TELLING: readonly ErrorCode[] = ['invalid_credentials', 'login_locked', 'too_many_failed_logins', 'overloaded'];

async function logIn(services: Services, call: Call, request: Onboarding): Promise<Onboarded> {
  const { withTokens = { scopes: [] } } = request;
  const credential = credentialOf(request);
  const tokens = await issue(services, call, { credential, ...withTokens }).catch(async (error: unknown) => {
    if (error instanceof SymbolonError && TELLING.includes(error.code)) {
      await countTold(services, call, request);
    }
    throw error;
  });
  const subject =
    'mfaToken' in tokens
      ? undefined
      : await findSubject(services.store, call.caller.tenantId, { kind: 'subject_id', key: tokens.subjectId });
  if ('mfaToken' in tokens || subject === undefined) {
    throw SymbolonError.of(INVALID_CREDENTIALS);
  }
  return { subject, tokens, isNew: false };
}

function credentialOf({ ref, password }: Onboarding): Credential {
  return ref.by === 'device_id'
    ? { kind: 'device', deviceId: ref.deviceId, password }
    : { kind: 'device_by_vendor_id', vendorId: ref.vendorId, password };
}

/**
 * Where devices register themselves, a login that fails tells a stranger that the vendor id is taken, as RegisterDevice does. So it counts
 * as one of the registrations of the address; once these are spent, what is taken and what is not are told the same.
 */
async function countTold(services: Services, call: Call, { ref }: Onboarding): Promise<void> {
  const policy = (await readTenant(services.store, call.caller.tenantId))?.policy;
  if (ref.by === 'vendor_id' && policy?.selfRegistration === true) {
    await countRegistration(services, call);
  }
}

/** A new owner takes a device from the gateway of others, which ends every token of it: then it logs in once more. */
async function withOwner(
  services: Services,
  call: Call,
  request: Onboarding,
  onboarded: Onboarded,
  { subject: { subjectId: ownerId }, call: { caller: owner } }: Access,
): Promise<Onboarded> {
  const { subject: device, tokens } = onboarded;
  const { accessToken } = tokens;
  const { subjectId: deviceId } = device;
  const subject = (await nameOwner(services, call, { deviceId, accessToken }, ownerId, owner)) ?? device;
  const isLive = (await authenticateTokenHolder(services, call.caller.tenantId, accessToken)) !== undefined;
  if (!isLive) {
    return logIn(services, call, { ...request, ref: { by: 'device_id', deviceId } });
  }
  // Again, for naming the owner has told of itself.
  noteIssued(call.notes, tokens);
  return { ...onboarded, subject };
}
