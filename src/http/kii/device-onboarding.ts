/** Onboarding of things (docs/kii-wire.md section 6), by their owner or by themselves. No MQTT endpoint is answered. */
import type { Answer } from '../answer.ts';
import { liveToken, logInThing } from './device-logins.ts';
import { ownerIdOf } from './device-owners.ts';
import { addOwner, byVendorId } from './device-registration.ts';
import { END_NODE_TYPES, onboardEndNode } from './end-node-onboarding.ts';
import type { Fields } from './fields.ts';
import { answer, isAdmin, jsonBody, type ResourceRequest, unsupportedMediaType } from './resource.ts';
import { unauthorized } from './resource-errors.ts';
import { requiredText, thingPassword } from './values.ts';

const TYPES = [
  'OnboardingWithVendorThingIDByOwner',
  'OnboardingWithThingIDByOwner',
  'OnboardingWithVendorThingIDByThing',
  'OnboardingWithThingIDByThing',
  ...END_NODE_TYPES,
];

export async function onboard(request: ResourceRequest): Promise<Answer> {
  const { type, fields } = jsonBody(request, TYPES);
  if (type === undefined) {
    throw unsupportedMediaType(TYPES.map((each) => `application/vnd.kii.${each}+json`).join(' or '));
  }
  if (END_NODE_TYPES.includes(type)) {
    return onboardEndNode(request, type, fields);
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
  const accessToken = await liveToken(request, onboarded, password);
  return answer(200, undefined, { thingID: onboarded.thingId, accessToken });
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

/** A thing has no token yet: it is the app that calls, or a client of it, by no token or by an anonymous one. */
function requireThingItself(request: ResourceRequest): void {
  const { proof, standings } = request.call.caller;
  const isApp = proof.by !== 'token' || standings.includes('anonymous');
  if (!isApp && !isAdmin(request)) {
    throw unauthorized(
      request.context,
      'A thing can onboard itself only with the app’s credentials or an anonymous token',
    );
  }
}
