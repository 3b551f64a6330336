/** Things: registering, reading, changing, disabling and deleting them (docs/kii-wire.md section 6). */

import { type DeviceRef, requireDevice } from '../../core/operations/access.ts';
import { enableDevice, endDevice, getDevice, registerDevice, updateDevice } from '../../core/operations/devices.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import type { Answer } from '../answer.ts';
import { answer, jsonBody, noContent, type ResourceRequest } from './resource.ts';
import { unauthorized } from './resource-errors.ts';
import { firstTokens } from './user-view.ts';
import {
  attributesOf,
  mergedAttributes,
  newAttributes,
  requiredBoolean,
  requiredText,
  thingPassword,
} from './values.ts';

/** Names that are no fields of the sender's: the server alone writes them, or nobody reads them. */
export const RESERVED_THING_FIELDS: ReadonlySet<string> = new Set([
  ...['_thingID', '_vendorThingID', '_password', '_created', '_disabled', '_accessToken', '_refreshToken'],
]);

const VENDOR_PREFIX = 'VENDOR_THING_ID:';
const WITH_TOKEN = 'ThingRegistrationAndAuthorizationRequest';

export async function registerThing(request: ResourceRequest): Promise<Answer> {
  const { services, call } = request;
  const { type, fields } = jsonBody(request, ['ThingRegistrationRequest', WITH_TOKEN]);
  const withTokens = type === WITH_TOKEN;
  const registered = await registerDevice(services, call, {
    vendorId: requiredText(fields, '_vendorThingID'),
    password: thingPassword(fields, '_password'),
    attributes: newAttributes(fields, RESERVED_THING_FIELDS),
    ...(withTokens ? { withTokens: { scopes: [] } } : {}),
  });
  const { subject } = registered;
  const responseType = withTokens ? 'ThingRegistrationAndAuthorizationResponse' : 'ThingRegistrationResponse';
  return answer(
    201,
    responseType,
    { ...viewOf(subject), ...firstTokens(registered, true) },
    { Location: `/api/apps/${subject.tenantId}/things/${subject.subjectId}` },
  );
}

function viewOf({ subjectId, vendorId, createTime, disabled, attributes }: Subject): object {
  return {
    ...attributesOf(attributes),
    _thingID: subjectId,
    _vendorThingID: vendorId,
    _created: createTime,
    _disabled: disabled,
  };
}

export function thingRefOf({ params }: ResourceRequest): DeviceRef {
  return refOf(params.thing ?? '');
}

/** An id, or `VENDOR_THING_ID:` with what follows. */
export function refOf(text: string): DeviceRef {
  return text.startsWith(VENDOR_PREFIX)
    ? { by: 'vendor_id', vendorId: text.slice(VENDOR_PREFIX.length) }
    : { by: 'device_id', deviceId: text };
}

export async function readThing(request: ResourceRequest): Promise<Answer> {
  const subject = await getDevice(request.services, request.call, thingRefOf(request));
  return answer(200, 'ThingRetrievalResponse', viewOf(subject));
}

/** What is absent stays as it is, and null removes. */
export async function updateThing(request: ResourceRequest): Promise<Answer> {
  const { services, call } = request;
  const subject = await getDevice(services, call, thingRefOf(request));
  const { fields } = jsonBody(request, ['ThingUpdateRequest']);
  const changes = mergedAttributes(fields, RESERVED_THING_FIELDS);
  await updateDevice(services, call, { by: 'device_id', deviceId: subject.subjectId }, changes);
  return noContent();
}

export async function deleteThing(request: ResourceRequest): Promise<Answer> {
  await endDevice(request.services, request.call, thingRefOf(request), 'deleted');
  return noContent();
}

export async function readThingStatus(request: ResourceRequest): Promise<Answer> {
  const { disabled } = await getDevice(request.services, request.call, thingRefOf(request));
  return answer(200, undefined, { disabled });
}

export async function setThingStatus(request: ResourceRequest): Promise<Answer> {
  const { services, call } = request;
  const { subject, relation } = await requireDevice(services, call, thingRefOf(request));
  if (relation === 'self') {
    throw unauthorized(request.context, 'Only an owner or an admin can disable and enable a thing');
  }
  const { fields } = jsonBody(request, ['ThingStatusUpdateRequest']);
  const ref = { by: 'device_id', deviceId: subject.subjectId } as const;
  if (requiredBoolean(fields, 'disabled')) {
    await endDevice(services, call, ref, 'disabled');
  } else {
    await enableDevice(services, call, ref);
  }
  return noContent();
}
