/** The last step of a registration by certificate: the device is made, and gets its token. */
import { SymbolonError } from '../errors.ts';
import { deviceId, ID_BYTES } from '../ids.ts';
import { DEVICE_TYPE_ATTRIBUTE } from '../rules/device-types.ts';
import type { RegistrationPayload } from '../rules/registrations.ts';
import { digestOf } from '../secrets.ts';
import type { Services } from '../services/services.ts';
import { CERTIFICATE_ATTRIBUTE, type CertifiedDevice, findRegistered, vendorIdOf } from './certified-devices.ts';
import { DEVICE_TOKEN_PURPOSE } from './device-tokens.ts';
import { newFamily } from './new-tokens.ts';
import { answerOf } from './perform.ts';
import { findRegistration } from './secure-registration.ts';

export interface CompletedRegistration {
  readonly accessToken: string;
  readonly userId: string;
  readonly deviceId: string;
}

/** The device becomes the user's, and gets the token that never expires. */
export async function completeRegistration(
  services: Services,
  { tenantId, certificate }: CertifiedDevice,
  registrationId: string,
  nonce: string,
): Promise<CompletedRegistration> {
  const { store, random } = services;
  const found = await findRegistration(services, tenantId, registrationId);
  const known = found && (await findRegistered(services, tenantId, found));
  const ownerId = found?.userId ?? '';
  if (known !== undefined && !known.ownerIds.includes(ownerId)) {
    throw new SymbolonError('already_exists', 'The device is another user’s. Its owner has to end its registration');
  }
  const bound = found?.boundDeviceId ?? undefined;
  if (known !== undefined && bound !== undefined && known.subjectId !== bound) {
    throw new SymbolonError('already_exists', 'The certificate has registered another device of the user');
  }
  const id = known?.subjectId ?? bound ?? deviceId(random(ID_BYTES));
  const { registration } = answerOf(
    await store.execute({
      kind: 'complete_registration',
      tenantId,
      digest: digestOf(registrationId),
      certificate,
      nonceDigest: digestOf(nonce),
      deviceId: id,
      authority: 'server',
    }),
  );
  if (known === undefined) {
    await (bound === undefined ? create : adopt)(services, tenantId, id, registration);
  }
  const { pair, begun } = await newFamily(services, 'DEVICE');
  const { familyId, tokens } = begun;
  const { accessToken } = pair;
  answerOf(
    await store.execute({
      kind: 'put_device_token',
      tenantId,
      subjectId: id,
      ownerId: registration.userId ?? undefined,
      byClientId: '',
      familyId,
      tokens: { keyId: tokens.keyId, accessDigest: tokens.accessDigest },
      sealed: services.keys.seal(DEVICE_TOKEN_PURPOSE, accessToken),
      authority: 'server',
    }),
  );
  return { accessToken, userId: registration.userId ?? '', deviceId: id };
}

async function create(
  { store }: Services,
  tenantId: string,
  subjectId: string,
  registration: RegistrationPayload,
): Promise<void> {
  const { deviceType, deviceName, userId, certificate } = registration;
  const nobody = { loginName: null, email: null, emailVerified: false, phone: null, phoneVerified: false } as const;
  const attributes = { [DEVICE_TYPE_ATTRIBUTE]: deviceType, [CERTIFICATE_ATTRIBUTE]: certificate };
  answerOf(
    await store.execute({
      kind: 'create_subject',
      subject: {
        ...nobody,
        subjectId,
        tenantId,
        kind: 'device',
        passwordHash: null,
        vendorId: vendorIdOf(registration),
        displayName: deviceName ?? '',
        attributes: JSON.stringify(attributes),
        ownerIds: userId === null ? [] : [userId],
      },
      authority: 'server',
    }),
  );
}

/** A device that its owner had before. Its name stays; its vendor's id and its token are those of the registration from then on. */
async function adopt(
  { store }: Services,
  tenantId: string,
  subjectId: string,
  registration: RegistrationPayload,
): Promise<void> {
  const { userId, certificate } = registration;
  answerOf(
    await store.execute({
      kind: 'update_subject',
      tenantId,
      subjectKind: 'device',
      subjectId,
      ownerId: userId ?? '',
      set: { vendorId: vendorIdOf(registration) },
      attributes: { how: 'merge', attributes: JSON.stringify({ [CERTIFICATE_ATTRIBUTE]: certificate }) },
      authority: 'server',
    }),
  );
}
