/** The one token of a device: given, read again and taken by the device's owner. */

import { SymbolonError } from '../../core/errors.ts';
import type { DeviceRef } from '../../core/operations/access.ts';
import type { Call } from '../../core/operations/authenticate.ts';
import {
  dropDeviceToken,
  type GivenDeviceToken,
  getDeviceToken,
  putDeviceToken,
} from '../../core/operations/device-tokens.ts';
import type { Services } from '../../core/services/services.ts';
import type { Answer } from '../answer.ts';
import { data } from './answers.ts';
import { requireBearer } from './bearer.ts';
import { ArtikError, notFound } from './errors.ts';
import { requireAccess } from './rights.ts';
import type { ArtikRequest, Route } from './serving.ts';

type Work = (services: Services, call: Call, ref: DeviceRef) => Promise<GivenDeviceToken>;

export const DEVICE_TOKENS: Route = {
  url: '/devices/:device/tokens',
  name: 'artik.device-tokens',
  shape: 'api',
  methods: {
    GET: (request) => work(request, getDeviceToken),
    PUT: (request) => work(request, putDeviceToken),
    DELETE: (request) => work(request, dropDeviceToken),
  },
};

async function work(request: ArtikRequest, act: Work): Promise<Answer> {
  const bearer = await requireBearer(request);
  const { device: id = '' } = request.params;
  await requireAccess(request, bearer, 'manage_device_token', { kind: 'device', id });
  const { kind, subjectId } = bearer.family;
  if (kind === 'APPLICATION') {
    // Its consents let it see the device. Whoever holds a token of the device is the device, and that the owner gives in person.
    throw new ArtikError('forbidden', 'You don’t have the right permissions: devices. Ask by a token of the owner');
  }
  const given = await act(request.services, bearer.call, { by: 'device_id', deviceId: id }).catch(asNotFound);
  const { accessToken, byClientId: cid, device } = given;
  const uid = kind === 'USER' ? subjectId : device.ownerIds[0];
  return data({ accessToken, uid, did: device.subjectId, cid });
}

/** Clients compare the message. */
function asNotFound(error: unknown): never {
  throw error instanceof SymbolonError && error.code === 'not_found' ? notFound() : error;
}
