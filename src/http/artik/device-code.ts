/** The limited-input flow: a device without a browser shows a code that its user types at a page. */
import { beginDeviceAuthorization } from '../../core/operations/device-authorization.ts';
import type { Answer } from '../answer.ts';
import { json } from './answers.ts';
import { clientOf, scopesOf } from './clients.ts';
import { parametersOf } from './parameters.ts';
import type { ArtikRequest, Route } from './serving.ts';

/** `pageUrl`: where people type the code. */
export function deviceCodeRoute(pageUrl: () => string): Route {
  return {
    url: '/device/code',
    name: 'artik.device-code',
    shape: 'accounts',
    methods: { POST: (request) => begin(request, pageUrl()) },
  };
}

/** `verification_url` is Google's older name. The code of the device is a secret as any other of ours: clients take it for opaque. */
async function begin(request: ArtikRequest, pageUrl: string): Promise<Answer> {
  const { services } = request;
  const parameters = parametersOf(request.url, request.body);
  const { call } = await clientOf(request, parameters);
  const begun = await beginDeviceAuthorization(services, call, { scopes: scopesOf(parameters) });
  return json({
    device_code: begun.deviceCode,
    user_code: begun.userCode,
    verification_url: pageUrl,
    expires_in: Math.max(0, Math.floor((begun.expireTime - services.clock()) / 1_000)),
    interval: Math.ceil(begun.intervalMs / 1_000),
  });
}
