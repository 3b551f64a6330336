/** The begin of a login on a device without a browser (RFC 8628 section 3.1). */
import { beginDeviceAuthorization, verificationOf } from '../../core/operations/device-authorization.ts';
import { HttpError } from '../failure.ts';
import type { Issuer } from '../issuers.ts';
import { resourceIn, scopesIn } from './asked.ts';
import { clientOf, requireGrant } from './client.ts';
import { answerOf } from './headers.ts';
import type { Endpoint } from './serving.ts';

const SECOND_MS = 1_000;

export const DEVICE_AUTHORIZATION: Endpoint = {
  name: 'oauth2.device-authorization',
  path: '/device_authorization',
  logLevel: 'info',
  run: async (services, call, { issuer, form }) => {
    requireGrant(await clientOf(services, call), 'device_code');
    const url = urlOf(issuer);
    const asked = { scopes: scopesIn(form), resource: resourceIn(form) };
    const { deviceCode, userCode, expireTime, intervalMs } = await beginDeviceAuthorization(services, call, asked);
    const { verificationUri, verificationUriComplete } = verificationOf(url, userCode);
    return answerOf({
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: verificationUri,
      verification_uri_complete: verificationUriComplete,
      expires_in: Math.floor((expireTime - services.clock()) / SECOND_MS),
      interval: Math.ceil(intervalMs / SECOND_MS),
    });
  },
};

function urlOf({ url }: Issuer): string {
  if (url === undefined) {
    throw new HttpError('route_not_found', 'The server does not know its own address. Start it with --public-url');
  }
  return url;
}
