/** The one table of routes. */
import { fastifyCors } from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../dialect.ts';
import { resendVerification, verifyAddress } from './codes.ts';
import { changeVendorThingId, readVendorThingId } from './device-names.ts';
import { onboard } from './device-onboarding.ts';
import { addOwner, addOwnerByPassword, checkOwner, readOwners, removeOwner } from './device-owners.ts';
import { deleteThing, readThing, readThingStatus, registerThing, setThingStatus, updateThing } from './devices.ts';
import { addEndNode, issueEndNodeToken, readEndNodes, removeEndNode } from './end-nodes.ts';
import { CORS } from './headers.ts';
import { changePassword, changeThingPassword, completeReset, requestReset } from './passwords.ts';
import { type Method, type Resource, serveNothing, serveResource } from './serving.ts';
import { changeParameters, readParameter, readParameters, setParameter } from './tenants.ts';
import { registerTokenRoutes } from './tokens.ts';
import {
  deleteUser,
  patchKiiUser,
  readEmailAddress,
  readPhoneNumber,
  readUser,
  readUserStatus,
  registerKiiUser,
  replaceKiiUser,
  setEmailAddress,
  setPhoneNumber,
  setUserStatus,
} from './users.ts';

const APP = '/apps/:appId';
const USER = `${APP}/users/:user`;
const THING = `${APP}/things/:thing`;
const PARAMETERS = `${APP}/configuration/parameters`;

function byToken(run: Method['run']): Method {
  return { by: 'token', run };
}

function byApp(run: Method['run']): Method {
  return { by: 'app', run };
}

/** Kii's queries, which are no names of a user or a thing. */
const NOT_SERVED_PATHS = [`${APP}/users/query`, `${APP}/things/query`];

/** Custom fields of 64 KiB, in which clients may write each letter as an escape of six characters. */
const MAX_FIELDS_BODY = 256 * 1_024;

const API: readonly Resource[] = [
  { url: `${APP}/users`, name: 'kii.users', maxBody: MAX_FIELDS_BODY, methods: { POST: byApp(registerKiiUser) } },
  {
    url: USER,
    name: 'kii.user',
    maxBody: MAX_FIELDS_BODY,
    methods: {
      GET: byToken(readUser),
      POST: byToken(replaceKiiUser),
      PATCH: byToken(patchKiiUser),
      DELETE: byToken(deleteUser),
    },
  },
  {
    url: `${USER}/status`,
    name: 'kii.user.status',
    methods: { GET: byToken(readUserStatus), PUT: byToken(setUserStatus) },
  },
  {
    url: `${USER}/password`,
    name: 'kii.user.password',
    words: { password: 'newPassword' },
    methods: { PUT: byToken(changePassword) },
  },
  { url: `${USER}/password/request-reset`, name: 'kii.user.request-reset', methods: { POST: byApp(requestReset) } },
  {
    url: `${USER}/password/complete-reset`,
    name: 'kii.user.complete-reset',
    words: { code: 'pinCode', password: 'newPassword' },
    methods: { POST: byApp(completeReset) },
  },
  {
    url: `${USER}/email-address`,
    name: 'kii.user.email',
    methods: { GET: byToken(readEmailAddress), PUT: byToken(setEmailAddress) },
  },
  {
    url: `${USER}/phone-number`,
    name: 'kii.user.phone',
    methods: { GET: byToken(readPhoneNumber), PUT: byToken(setPhoneNumber) },
  },
  {
    url: `${USER}/email-address/verify`,
    name: 'kii.user.email.verify',
    words: { code: 'verificationCode' },
    methods: { POST: byToken((request) => verifyAddress(request, 'verify_email')) },
  },
  {
    url: `${USER}/phone-number/verify`,
    name: 'kii.user.phone.verify',
    words: { code: 'verificationCode' },
    methods: { POST: byToken((request) => verifyAddress(request, 'verify_phone')) },
  },
  {
    url: `${USER}/email-address/resend-verification`,
    name: 'kii.user.email.resend',
    methods: { POST: byToken((request) => resendVerification(request, 'verify_email')) },
  },
  {
    url: `${USER}/phone-number/resend-verification`,
    name: 'kii.user.phone.resend',
    methods: { POST: byToken((request) => resendVerification(request, 'verify_phone')) },
  },
  {
    url: `${APP}/things`,
    name: 'kii.things',
    maxBody: MAX_FIELDS_BODY,
    words: { vendor_id: '_vendorThingID', password: '_password' },
    methods: { POST: byApp(registerThing) },
  },
  {
    url: THING,
    name: 'kii.thing',
    maxBody: MAX_FIELDS_BODY,
    methods: { GET: byToken(readThing), PATCH: byToken(updateThing), DELETE: byToken(deleteThing) },
  },
  {
    url: `${THING}/status`,
    name: 'kii.thing.status',
    methods: { GET: byToken(readThingStatus), PUT: byToken(setThingStatus) },
  },
  {
    url: `${THING}/vendor-thing-id`,
    name: 'kii.thing.vendor-id',
    words: { vendor_id: '_vendorThingID', password: '_password' },
    methods: { GET: byToken(readVendorThingId), PUT: byToken(changeVendorThingId) },
  },
  {
    url: `${THING}/end-nodes/:endNode`,
    name: 'kii.thing.end-node',
    methods: { PUT: byToken(addEndNode), DELETE: byToken(removeEndNode) },
  },
  {
    url: `${THING}/end-nodes/:endNode/token`,
    name: 'kii.thing.end-node.token',
    methods: { POST: byToken(issueEndNodeToken) },
  },
  {
    url: `${THING}/password`,
    name: 'kii.thing.password',
    words: { password: 'newPassword' },
    methods: { PUT: byToken(changeThingPassword) },
  },
  {
    url: `${THING}/ownership`,
    name: 'kii.thing.owners',
    words: { password: 'thingPassword' },
    methods: { GET: byToken(readOwners), POST: byToken(addOwnerByPassword) },
  },
  {
    url: `${THING}/ownership/:owner`,
    name: 'kii.thing.owner',
    methods: { GET: byToken(checkOwner), PUT: byToken(addOwner), DELETE: byToken(removeOwner) },
  },
  {
    url: PARAMETERS,
    name: 'kii.parameters',
    methods: { GET: byToken(readParameters), PATCH: byToken(changeParameters) },
  },
  {
    url: `${PARAMETERS}/:parameter`,
    name: 'kii.parameter',
    methods: { GET: byToken(readParameter), PUT: byToken(setParameter) },
  },
];

const THING_IF: readonly Resource[] = [
  {
    url: `${APP}/onboardings`,
    name: 'kii.onboardings',
    words: { password: 'thingPassword' },
    maxBody: MAX_FIELDS_BODY,
    methods: { POST: { by: 'either', run: onboard } },
  },
  { url: `${THING}/end-nodes`, name: 'kii.thing.end-nodes', methods: { GET: byToken(readEndNodes) } },
];

export async function registerKiiRoutes(scope: FastifyInstance, context: HttpContext): Promise<void> {
  await prepare(scope);
  registerTokenRoutes(scope, context.services);
  for (const resource of API) {
    serveResource(scope, context.services, resource);
  }
  for (const url of NOT_SERVED_PATHS) {
    serveNothing(scope, url);
  }
}

export async function registerThingIfRoutes(scope: FastifyInstance, context: HttpContext): Promise<void> {
  await prepare(scope);
  for (const resource of THING_IF) {
    serveResource(scope, context.services, resource);
  }
}

async function prepare(scope: FastifyInstance): Promise<void> {
  // Whatever the content type says, the bytes come here as they are.
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  await scope.register(fastifyCors, CORS);
}
