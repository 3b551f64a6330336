/** Onboarding of things (docs/kii-wire.md section 6), by their owner or by themselves. No MQTT endpoint is answered. */
import { SymbolonError } from '../../core/errors.ts';
import { lookUp } from '../../core/operations/access.ts';
import { addDeviceOwner, registerDevice } from '../../core/operations/devices.ts';
import { revoke } from '../../core/operations/revoke.ts';
import { requireVendorId } from '../../core/text/fields.ts';
import { toVendorIdHandle } from '../../core/text/usernames.ts';
import type { Answer } from '../answer.ts';
import { callAsThing, logInThing, type ThingLogin } from './device-logins.ts';
import { ownerIdOf } from './device-owners.ts';
import { RESERVED_THING_FIELDS } from './devices.ts';
import type { Fields } from './fields.ts';
import { answer, isAdmin, jsonBody, type ResourceRequest, unsupportedMediaType } from './resource.ts';
import { invalidInput, unauthorized } from './resource-errors.ts';
import { newAttributes, requiredText, textOf, thingPassword } from './values.ts';

const TYPES = [
  'OnboardingWithVendorThingIDByOwner',
  'OnboardingWithThingIDByOwner',
  'OnboardingWithVendorThingIDByThing',
  'OnboardingWithThingIDByThing',
];

export async function onboard(request: ResourceRequest): Promise<Answer> {
  const { type, fields } = jsonBody(request, TYPES);
  if (type === undefined) {
    throw unsupportedMediaType(TYPES.map((each) => `application/vnd.kii.${each}+json`).join(' or '));
  }
  const ownerId = type.endsWith('ByOwner') ? ownerOf(request, fields) : undefined;
  if (ownerId === undefined) {
    requireThingItself(request);
  }
  const password = thingPassword(fields, 'thingPassword');
  const onboarded = type.includes('VendorThingID')
    ? await byVendorId(request, fields, password, ownerId)
    : await logInThing(request, { by: 'device_id', deviceId: requiredText(fields, 'thingID') }, password);
  if (ownerId !== undefined) {
    await addOwner(request, onboarded, ownerId);
  }
  const { thingId, accessToken } = onboarded;
  return answer(200, undefined, { thingID: thingId, accessToken });
}

/** The owner onboards with its own token; an admin for any user. */
function ownerOf(request: ResourceRequest, fields: Fields): string {
  const ownerId = ownerIdOf(requiredText(fields, 'owner'), 'owner');
  const { subject } = request.call.caller;
  if (!isAdmin(request) && !(subject?.kind === 'user' && subject.id === ownerId)) {
    throw unauthorized(request.context, 'Only the owner’s own token can onboard a thing for that owner');
  }
  return ownerId;
}

/** A thing has no token yet: it is the app that calls, by name or by an anonymous token. */
function requireThingItself(request: ResourceRequest): void {
  const { caller } = request.call;
  const isApp = caller === request.appCall.caller || caller.standings.includes('anonymous');
  if (!isApp && !isAdmin(request)) {
    throw unauthorized(
      request.context,
      'A thing can onboard itself only with the app’s credentials or an anonymous token',
    );
  }
}

async function byVendorId(
  request: ResourceRequest,
  fields: Fields,
  password: string,
  ownerId: string | undefined,
): Promise<ThingLogin> {
  const vendorId = requireVendorId(requiredText(fields, 'vendorThingID'));
  const ref = { by: 'vendor_id', vendorId } as const;
  const known = await lookUp(request.services, request.appCall, 'device', toVendorIdHandle(vendorId));
  if (known !== undefined) {
    return logInThing(request, ref, password);
  }
  try {
    return await register(request, vendorId, fields, password, ownerId);
  } catch (error) {
    if (error instanceof SymbolonError && error.code === 'already_exists') {
      // Somebody else registered it meanwhile.
      return logInThing(request, ref, password);
    }
    throw error;
  }
}

async function register(
  request: ResourceRequest,
  vendorId: string,
  fields: Fields,
  password: string,
  ownerId: string | undefined,
): Promise<ThingLogin> {
  const byAdmin = isAdmin(request);
  const call = byAdmin ? request.call : request.appCall;
  // An admin may name nobody, and then no thing shall be made; any other owner is the one who calls.
  const ownerIds = byAdmin && ownerId !== undefined ? [ownerId] : [];
  const attributes = newAttributes(thingFields(fields), RESERVED_THING_FIELDS);
  const withTokens = { scopes: [] };
  const { subject, tokens } = await registerDevice(request.services, call, {
    vendorId,
    password,
    attributes,
    ownerIds,
    withTokens,
  });
  return { thingId: subject.subjectId, accessToken: tokens?.accessToken ?? '' };
}

/** What a thing is registered with: of an older one these stay as they are. */
function thingFields(fields: Fields): Fields {
  const properties = fields.get('thingProperties') ?? {};
  if (typeof properties !== 'object' || Array.isArray(properties)) {
    throw invalidInput('thingProperties', 'thingProperties must be an object');
  }
  const named = ['thingType', 'firmwareVersion', 'layoutPosition'].flatMap((name): [string, unknown][] => {
    const value = textOf(fields, name);
    return value === undefined ? [] : [[`_${name}`, value]];
  });
  return new Map<string, unknown>([...Object.entries(properties), ...named]);
}

/** In the thing's own name, which it has just proven; its owner may onboard it as often as it likes. */
async function addOwner(
  request: ResourceRequest,
  { thingId, accessToken }: ThingLogin,
  ownerId: string,
): Promise<void> {
  const call = await callAsThing(request, accessToken);
  try {
    await addDeviceOwner(request.services, call, { by: 'device_id', deviceId: thingId }, ownerId);
  } catch (error) {
    if (!(error instanceof SymbolonError && error.code === 'already_exists')) {
      // Nobody was told it.
      await revoke(request.services, request.appCall, { by: 'token', token: accessToken });
      throw error;
    }
  }
}
