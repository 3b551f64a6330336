/** Registering a device that proves itself by a certificate and is confirmed by the user who types its PIN. */
import { encodeBytes } from '../base62.ts';
import { INVALID_CODE, SymbolonError } from '../errors.ts';
import { ID_BYTES } from '../ids.ts';
import type { Digest, Instant } from '../model.ts';
import { one } from '../plan.ts';
import { addressCounters, userCodeCounter } from '../rules/counters.ts';
import { hexOf, ledTo, type RegistrationPayload, registrationIn } from '../rules/registrations.ts';
import { digestOf } from '../secrets.ts';
import { readSingleUse } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import { SINGLE_USE } from '../tables/single-use.ts';
import type { Call } from './authenticate.ts';
import { requireSignedInUser } from './authorize.ts';
import { type CertifiedDevice, certificateOf, findRegistered, vendorIdOf } from './certified-devices.ts';
import { guess } from './guess.ts';
import { answerOf, perform } from './perform.ts';

const MINUTE_MS = 60_000;
/** For who walks from the device to an app and back. */
const OPEN_MS = 30 * MINUTE_MS;
/** For how long its state is told. */
const TOLD_MS = 24 * 60 * MINUTE_MS;
/** What one network address may begin a minute; each is three rows until they expire. */
const MAX_BEGUN = 120;
/** By then chance is not what takes them. */
const MAX_TRIES = 5;
const PIN_LENGTH = 8;
/** Without letters and digits that look alike. */
const PIN_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const PIN_PURPOSE = 'registration pin';
export interface BegunRegistration {
  readonly registrationId: string;
  readonly pin: string;
  readonly nonce: string;
  readonly openUntil: Instant;
}

/** `already_exists` where another certificate has registered the device. */
export async function beginRegistration(
  services: Services,
  device: CertifiedDevice,
  { deviceType, vendorId }: Pick<RegistrationPayload, 'deviceType' | 'vendorId'>,
): Promise<BegunRegistration> {
  const { tenantId, certificate, address } = device;
  const { clock, random, keys, store, addressBudgets } = services;
  await addressBudgets.deviceCodes.spend(tenantId, address, MAX_BEGUN);
  const known = await findRegistered(services, tenantId, { deviceType, vendorId });
  if (known !== undefined && certificateOf(known) !== certificate) {
    throw new SymbolonError('already_exists', 'The vendor’s id of this type is another device’s');
  }
  const [registrationId, nonce] = [encodeBytes(random(ID_BYTES)), encodeBytes(random(ID_BYTES))];
  const openUntil = clock() + OPEN_MS;
  for (let tries = 1; ; tries++) {
    const pin = newPin(random);
    const pinDigest = keys.digest(PIN_PURPOSE, `${tenantId}\0${pin}`);
    const outcome = await store.execute({
      kind: 'begin_registration',
      tenantId,
      digest: digestOf(registrationId),
      pinDigest,
      deviceDigest: digestOf(`registration\0${tenantId}\0${vendorIdOf({ deviceType, vendorId })}`),
      payload: {
        state: 'begun',
        registrationId,
        deviceType,
        vendorId,
        certificate,
        nonce: hexOf(digestOf(nonce)),
        pin: hexOf(pinDigest),
        openUntil,
        userId: null,
        deviceName: null,
        boundDeviceId: null,
        deviceId: null,
      },
      expireTime: clock() + TOLD_MS,
      authority: 'server',
    });
    const isTaken = 'refusal' in outcome && outcome.refusal.code === 'already_exists';
    if (!isTaken || tries === MAX_TRIES) {
      answerOf(outcome);
      return { registrationId, pin, nonce, openUntil };
    }
  }
}

/** Undefined: there is none of that id. `certificate`: that of the device that asks; absent for a user. */
export async function findRegistration(
  services: Services,
  tenantId: string,
  registrationId: string,
): Promise<(RegistrationPayload & { readonly isExpired: boolean }) | undefined> {
  const row = await readSingleUse(services.store, tenantId, 'registration', digestOf(registrationId));
  const registration = registrationIn(row, tenantId);
  const now = services.clock();
  if (row === undefined || registration === undefined || row.expireTime <= now) {
    return undefined;
  }
  const isOver = registration.openUntil <= now && ['begun', 'confirmed'].includes(registration.state);
  return { ...registration, isExpired: isOver };
}

/** By the user who typed the PIN; a wrong one is counted. Answers the registration's id. */
export async function confirmRegistration(
  services: Services,
  call: Call,
  typed: string,
  { deviceName, boundDeviceId }: Pick<RegistrationPayload, 'deviceName' | 'boundDeviceId'>,
): Promise<{ readonly registrationId: string }> {
  const { tenantId } = call.caller;
  const subjectId = requireSignedInUser(call);
  const counters = [userCodeCounter(subjectId)];
  const pin = typed.trim().toUpperCase();
  const pinDigest = services.keys.digest(PIN_PURPOSE, `${tenantId}\0${pin}`);
  return guess(services, call, {
    permission: 'act_for_user',
    counters: { own: counters, address: addressCounters(call.address) },
    refusal: INVALID_CODE,
    check: () => findOpen(services, tenantId, pinDigest),
    act: () =>
      perform(services, call, 'act_for_user', {
        kind: 'confirm_registration',
        tenantId,
        subjectId,
        pinDigest,
        deviceName,
        boundDeviceId,
        counters,
      }),
  });
}

async function findOpen({ store, clock }: Services, tenantId: string, pinDigest: Digest): Promise<true | undefined> {
  const pin = await readSingleUse(store, tenantId, 'registration_pin', pinDigest);
  const key = ledTo(pin);
  const { row } = await store.read({ row: one(SINGLE_USE, key && { ...key, tenantId }) });
  const isOpen = pin !== undefined && pin.expireTime > clock() && registrationIn(row, tenantId)?.state === 'begun';
  return isOpen ? true : undefined;
}

function newPin(random: Services['random']): string {
  return Array.from(random(PIN_LENGTH), (byte) => PIN_LETTERS[byte % PIN_LETTERS.length]).join('');
}
