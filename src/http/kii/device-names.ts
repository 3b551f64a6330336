/** The vendor's id of a thing, as the thing-if SDKs read and move it (docs/kii-wire.md section 6). */
import { getDevice, moveVendorId } from '../../core/operations/devices.ts';
import type { Answer } from '../answer.ts';
import { thingRefOf } from './devices.ts';
import { answer, jsonBody, noContent, type ResourceRequest } from './resource.ts';
import { requiredText, thingPassword } from './values.ts';

export async function readVendorThingId(request: ResourceRequest): Promise<Answer> {
  const { vendorId } = await getDevice(request.services, request.call, thingRefOf(request));
  return answer(200, undefined, { _vendorThingID: vendorId });
}

/** `_password` is the new one. */
export async function changeVendorThingId(request: ResourceRequest): Promise<Answer> {
  const { services, call } = request;
  const { subjectId } = await getDevice(services, call, thingRefOf(request));
  const { fields } = jsonBody(request, ['VendorThingIDUpdateRequest']);
  const vendorId = requiredText(fields, '_vendorThingID');
  const ref = { by: 'device_id', deviceId: subjectId } as const;
  await moveVendorId(services, call, ref, vendorId, thingPassword(fields, '_password'));
  return noContent();
}
