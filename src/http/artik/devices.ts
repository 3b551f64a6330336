/** Devices that users add, and what one of them is. */
import { addOwnedDevice } from '../../core/operations/owned-devices.ts';
import type { Answer } from '../answer.ts';
import { data } from './answers.ts';
import { requireBearer } from './bearer.ts';
import { deviceView } from './device-view.ts';
import { ArtikError } from './errors.ts';
import { objectOf } from './parameters.ts';
import { requireAccess } from './rights.ts';
import type { ArtikRequest, Route } from './serving.ts';

export const DEVICES: Route = {
  url: '/devices',
  name: 'artik.devices',
  shape: 'api',
  methods: { POST: addDevice },
};

export const DEVICE: Route = {
  url: '/devices/:device',
  name: 'artik.device',
  shape: 'api',
  methods: { GET: readDevice },
};

const MAX_TYPE = 64;
const MAX_NAME = 50;

async function addDevice(request: ArtikRequest): Promise<Answer> {
  const bearer = await requireBearer(request);
  const fields = objectOf(request.body);
  const dtid = requiredText(fields, 'dtid', MAX_TYPE);
  const name = optionalText(fields, 'name', MAX_NAME) ?? '';
  const uid = optionalText(fields, 'uid', MAX_TYPE) ?? bearer.family.subjectId;
  await requireAccess(request, bearer, 'add_device', { kind: 'user', id: uid }, dtid);
  const device = await addOwnedDevice(request.services, bearer.call, { displayName: name, deviceType: dtid });
  return data(deviceView(device, uid));
}

async function readDevice(request: ArtikRequest): Promise<Answer> {
  const bearer = await requireBearer(request);
  const { device = '' } = request.params;
  const { kind, subjectId } = bearer.family;
  const found = await requireAccess(request, bearer, 'read_device', { kind: 'device', id: device });
  return data(deviceView(found, kind === 'USER' ? subjectId : undefined));
}

export function requiredText(fields: Readonly<Record<string, unknown>>, name: string, most: number): string {
  const value = optionalText(fields, name, most);
  if (value === undefined) {
    throw new ArtikError('validation', `Validation Error: ${name} is missing`);
  }
  return value;
}

/** `most`: characters. */
export function optionalText(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  most: number,
): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  if (typeof value !== 'string' || [...value].length > most || !value.isWellFormed() || /\p{Cc}/u.test(value)) {
    throw new ArtikError('validation', `Validation Error: ${name} must be a text of at most ${most} characters`);
  }
  return value;
}
