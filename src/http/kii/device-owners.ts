/** The owners of a thing (docs/kii-wire.md section 6). There are no groups. */
import { callAsDevice } from '../../core/operations/as-device.ts';
import { addDeviceOwner, getDevice, removeDeviceOwner } from '../../core/operations/devices.ts';
import { revoke } from '../../core/operations/revoke.ts';
import type { Answer } from '../answer.ts';
import { logInThing } from './device-logins.ts';
import { thingRefOf } from './devices.ts';
import { answer, isAdmin, jsonBody, noContent, type ResourceRequest } from './resource.ts';
import { invalidInput, ResourceError, unauthorized } from './resource-errors.ts';
import { requiredText, textOf, thingPassword } from './values.ts';

/** No document of Kii shows this answer; these are the two kinds of owners that it has. */
export async function readOwners(request: ResourceRequest): Promise<Answer> {
  const { ownerIds } = await getDevice(request.services, request.call, thingRefOf(request));
  return answer(200, undefined, { users: ownerIds, groups: [] });
}

export async function checkOwner(request: ResourceRequest): Promise<Answer> {
  const ownerId = ownerIdOf(request.params.owner ?? '', 'owner');
  const { subjectId, ownerIds } = await getDevice(request.services, request.call, thingRefOf(request));
  if (!ownerIds.includes(ownerId)) {
    const { appID } = request.context;
    const details = { appID, thingID: subjectId, userID: ownerId };
    throw new ResourceError('THING_OWNERSHIP_NOT_FOUND', 'The user does not own the thing', details);
  }
  return noContent();
}

export async function addOwner(request: ResourceRequest): Promise<Answer> {
  const ownerId = ownerIdOf(request.params.owner ?? '', 'owner');
  await addDeviceOwner(request.services, request.call, thingRefOf(request), ownerId);
  return noContent();
}

export async function removeOwner(request: ResourceRequest): Promise<Answer> {
  const ownerId = ownerIdOf(request.params.owner ?? '', 'owner');
  await removeDeviceOwner(request.services, request.call, thingRefOf(request), ownerId);
  return noContent();
}

/** `user:<id>`, which some clients write in capitals. There are no groups here. */
export function ownerIdOf(owner: string, field: string): string {
  const [, kind = '', id = ''] = /^(user|group):(.+)$/is.exec(owner) ?? [];
  switch (kind.toLowerCase()) {
    case 'user':
      return id;
    case 'group':
      throw noGroups();
    default:
      throw invalidInput(field, `${field} must be “user:” and the id of a user`);
  }
}

/** A user makes itself the owner by the thing's password, as the JS SDK asks for it; an admin makes any user one without. */
export async function addOwnerByPassword(request: ResourceRequest): Promise<Answer> {
  const { services, call, appCall, context } = request;
  const { fields } = jsonBody(request, ['ThingOwnershipRequest']);
  if (textOf(fields, 'groupID') !== undefined) {
    throw noGroups();
  }
  const ownerId = requiredText(fields, 'userID');
  const ref = thingRefOf(request);
  if (isAdmin(request)) {
    await addDeviceOwner(services, call, ref, ownerId);
    return noContent();
  }
  const { subject } = call.caller;
  if (subject?.kind !== 'user' || subject.id !== ownerId) {
    throw unauthorized(context, 'userID must be the user whose token it is');
  }
  const { accessToken } = await logInThing(request, ref, thingPassword(fields, 'thingPassword'));
  try {
    await addDeviceOwner(services, await callAsDevice(services, appCall, accessToken), ref, ownerId);
  } finally {
    // Nobody was told it.
    await revoke(services, appCall, { by: 'token', token: accessToken });
  }
  return noContent();
}

function noGroups(): ResourceError {
  return new ResourceError('OPERATION_NOT_SUPPORTED', 'Groups are not supported. Name a user');
}
