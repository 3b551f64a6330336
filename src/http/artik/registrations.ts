/** Secure device registration: the user's side by a token, the device's over its certificate. */
import { encodeBytes } from '../../core/base62.ts';
import { SymbolonError } from '../../core/errors.ts';
import { ID_BYTES } from '../../core/ids.ts';
import { type CertifiedDevice, isCertified } from '../../core/operations/certified-devices.ts';
import { completeRegistration } from '../../core/operations/complete-registration.ts';
import { dropDeviceToken } from '../../core/operations/device-tokens.ts';
import { updateDevice } from '../../core/operations/devices.ts';
import { beginRegistration, confirmRegistration, findRegistration } from '../../core/operations/secure-registration.ts';
import type { RegistrationState } from '../../core/rules/registrations.ts';
import type { Answer } from '../answer.ts';
import { data } from './answers.ts';
import { requireBearer } from './bearer.ts';
import { deviceView } from './device-view.ts';
import { optionalText, requiredText } from './devices.ts';
import { ArtikError, notFound } from './errors.ts';
import { objectOf } from './parameters.ts';
import { requireAccess } from './rights.ts';
import type { ArtikRequest, Route } from './serving.ts';

const MAX_TEXT = 64;
const MAX_NAME = 50;
const VENDOR_ID = /^[A-Za-z0-9_-]{1,64}$/;

export const REGISTRATION_ROUTES: readonly Route[] = [
  { url: '/devices/registrations/pin', name: 'artik.registration-pin', shape: 'api', methods: { PUT: confirm } },
  {
    url: '/devices/registrations/:registration/status',
    name: 'artik.registration-status',
    shape: 'api',
    methods: { GET: statusForUser },
  },
  { url: '/devices/:device/registrations', name: 'artik.registration', shape: 'api', methods: { DELETE: unregister } },
];

/** Where devices have to show a certificate. */
export const CERTIFICATE_ROUTES: readonly Route[] = [
  { url: '/cert/devices/registrations', name: 'artik.cert', shape: 'api', methods: { POST: begin } },
  {
    url: '/cert/devices/registrations/:registration/status',
    name: 'artik.cert-status',
    shape: 'api',
    methods: { GET: statusForDevice },
  },
  {
    url: '/cert/devices/registrations/:registration',
    name: 'artik.cert-complete',
    shape: 'api',
    methods: { PUT: complete },
  },
];

const STATUS = {
  begun: 'PENDING_USER_CONFIRMATION',
  confirmed: 'PENDING_DEVICE_COMPLETION',
  registered: 'REGISTERED',
  superseded: 'REVOKED',
} as const satisfies Record<RegistrationState, string>;

async function confirm(request: ArtikRequest): Promise<Answer> {
  const bearer = await requireBearer(request);
  await requireAccess(request, bearer, 'confirm_registration', { kind: 'user', id: bearer.family.subjectId });
  const fields = objectOf(request.body);
  const pin = requiredText(fields, 'pin', MAX_TEXT);
  const deviceName = optionalText(fields, 'deviceName', MAX_NAME) ?? null;
  const boundDeviceId = optionalText(fields, 'deviceId', MAX_TEXT) ?? null;
  if (boundDeviceId !== null) {
    await requireAccess(request, bearer, 'manage_device_token', { kind: 'device', id: boundDeviceId });
  }
  const named = { deviceName, boundDeviceId };
  const { registrationId } = await confirmRegistration(request.services, bearer.call, pin, named).catch(asNotFound);
  return data({ rid: registrationId });
}

/** A PIN that nothing is open for is as unknown as any. */
function asNotFound(error: unknown): never {
  throw error instanceof SymbolonError && error.code === 'invalid_code' ? notFound() : error;
}

/** Of the user who confirmed it, and nobody else's. */
async function statusForUser(request: ArtikRequest): Promise<Answer> {
  const bearer = await requireBearer(request);
  const { family } = bearer;
  await requireAccess(request, bearer, 'confirm_registration', { kind: 'user', id: family.subjectId });
  const found = await find(request);
  if (found.userId !== family.subjectId) {
    throw notFound();
  }
  return data(statusOf(found));
}

async function statusForDevice(request: ArtikRequest): Promise<Answer> {
  const { certificate } = deviceOf(request);
  const found = await find(request);
  if (found.certificate !== certificate) {
    throw new ArtikError('forbidden', 'The registration was begun with another certificate');
  }
  return data(statusOf(found));
}

type Found = NonNullable<Awaited<ReturnType<typeof findRegistration>>>;

async function find({ services, tenantId, params }: ArtikRequest): Promise<Found> {
  const found = await findRegistration(services, tenantId, params.registration ?? '');
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

function statusOf({ state, isExpired, deviceId }: Found): object {
  return { status: isExpired ? 'EXPIRED' : STATUS[state], did: deviceId ?? undefined };
}

/** The device is its owner's as before, and its certificate opens nothing more. */
async function unregister(request: ArtikRequest): Promise<Answer> {
  const bearer = await requireBearer(request);
  const { device: id = '' } = request.params;
  const found = await requireAccess(request, bearer, 'manage_device_token', { kind: 'device', id });
  if (!isCertified(found)) {
    // Another device is known to its maker by the vendor's id that it has.
    throw notFound();
  }
  const ref = { by: 'device_id', deviceId: id } as const;
  const { services } = request;
  // Made up, so that nobody has taken it before.
  const vendorId = `own.${encodeBytes(services.random(ID_BYTES))}`;
  const device = await updateDevice(services, bearer.call, ref, { vendorId });
  await dropDeviceToken(services, bearer.call, ref).catch((error: unknown) => {
    if (!(error instanceof SymbolonError && error.code === 'not_found')) {
      throw error;
    }
  });
  return data(deviceView(device, bearer.family.kind === 'USER' ? bearer.family.subjectId : undefined));
}

async function begin(request: ArtikRequest): Promise<Answer> {
  const device = deviceOf(request);
  const fields = objectOf(request.body);
  const deviceType = requiredText(fields, 'deviceTypeId', MAX_TEXT);
  const vendorId = requiredText(fields, 'vendorDeviceId', MAX_TEXT);
  if (!VENDOR_ID.test(vendorId)) {
    throw new ArtikError('validation', 'Validation Error: vendorDeviceId must be 1 to 64 of A-Z, a-z, 0-9, _ and -');
  }
  const begun = await beginRegistration(request.services, device, { deviceType, vendorId });
  return data({ rid: begun.registrationId, pin: begun.pin, nonce: begun.nonce, expiresOn: begun.openUntil });
}

async function complete(request: ArtikRequest): Promise<Answer> {
  const device = deviceOf(request);
  const nonce = requiredText(objectOf(request.body), 'nonce', MAX_TEXT);
  const { registration = '' } = request.params;
  const { accessToken, userId, deviceId } = await completeRegistration(request.services, device, registration, nonce);
  return data({ accessToken, uid: userId, did: deviceId });
}

function deviceOf({ tenantId, certificate, address }: ArtikRequest): CertifiedDevice {
  if (certificate === undefined) {
    throw new ArtikError('forbidden', 'A certificate of the device is needed');
  }
  return { tenantId, certificate, address };
}
