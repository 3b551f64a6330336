/** Ending a token: by itself, or by the application token of the app that has it. The whole login ends, its refresh token too. */
import { revoke } from '../../core/operations/revoke.ts';
import type { Answer } from '../answer.ts';
import { data } from './answers.ts';
import { bearerBy, requireBearer, tenantCall } from './bearer.ts';
import { ArtikError, invalid, unauthorized } from './errors.ts';
import { parametersOf } from './parameters.ts';
import type { ArtikRequest, Route } from './serving.ts';

async function revokeBearer(request: ArtikRequest): Promise<Answer> {
  const { text } = await requireBearer(request);
  const named = parametersOf(request.url, request.body).get('token') ?? text;
  if (named !== text) {
    throw invalid('token must be the token of the Authorization header');
  }
  return revoked(request, text);
}

/** `client_credentials` is an application token of the app. */
async function revokeByApplication(request: ArtikRequest): Promise<Answer> {
  const parameters = parametersOf(request.url, request.body);
  const [proof, text] = [parameters.required('client_credentials'), parameters.required('token')];
  const application = await bearerBy(request, proof);
  if (application === undefined || application.family.kind !== 'APPLICATION') {
    throw unauthorized();
  }
  const user = await bearerBy(request, text);
  if (user === undefined) {
    // Its purpose is achieved (RFC 7009 section 2.2).
    return data({ message: REVOKED });
  }
  if (user.family.clientId !== application.family.clientId) {
    throw new ArtikError('forbidden', 'You don’t have the right permissions: the token is another app’s');
  }
  return revoked(request, text);
}

const REVOKED = 'Token successfully revoked';

async function revoked(request: ArtikRequest, token: string): Promise<Answer> {
  await revoke(request.services, await tenantCall(request), { by: 'token', token });
  return data({ message: REVOKED });
}

export const REVOKE_TOKEN: Route = {
  url: '/revokeToken',
  name: 'artik.revoke-token',
  shape: 'accounts',
  methods: { PUT: revokeBearer, POST: revokeBearer },
};

export const REVOKE_ACCESS_TOKEN: Route = {
  url: '/revokeAccessToken',
  name: 'artik.revoke-access-token',
  shape: 'accounts',
  methods: { PUT: revokeByApplication },
};
