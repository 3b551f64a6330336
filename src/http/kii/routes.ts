/** The one table of routes, and how each is served. */
import { fastifyCors } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { newDeadline, within } from '../../calls/deadline.ts';
import type { Instant } from '../../core/model.ts';
import type { Services } from '../../core/services/services.ts';
import { type Answer, sendAnswer } from '../answer.ts';
import type { HttpContext } from '../dialect.ts';
import { refuseOthers } from '../methods.ts';
import { resendVerification, verifyAddress } from './codes.ts';
import { changeVendorThingId, readVendorThingId } from './device-names.ts';
import { onboard } from './device-onboarding.ts';
import { addOwner, addOwnerByPassword, checkOwner, removeOwner } from './device-owners.ts';
import { deleteThing, readThing, readThingStatus, registerThing, setThingStatus, updateThing } from './devices.ts';
import { addEndNode, issueEndNodeToken, readEndNodes, removeEndNode } from './end-nodes.ts';
import { CORS } from './headers.ts';
import { changePassword, changeThingPassword, completeReset, requestReset } from './passwords.ts';
import { type CallerKind, type ResourceRequest, resourceRequestOf } from './resource.ts';
import { inKiiWords, resourceFailure } from './resource-errors.ts';
import { changeParameters, readParameters, setParameter } from './tenants.ts';
import { registerTokenRoutes } from './tokens.ts';
import {
  deleteUser,
  patchKiiUser,
  readUser,
  readUserStatus,
  registerKiiUser,
  replaceKiiUser,
  setEmailAddress,
  setPhoneNumber,
  setUserStatus,
} from './users.ts';

interface Method {
  readonly by: CallerKind;
  readonly run: (request: ResourceRequest) => Promise<Answer>;
}

interface Resource {
  readonly url: string;
  /** In the log, before the method. */
  readonly name: string;
  /** Bytes; undefined where the server's own limit holds. */
  readonly maxBody?: number;
  readonly methods: Partial<Record<HTTPMethods, Method>>;
}

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
  { url: `${USER}/password`, name: 'kii.user.password', methods: { PUT: byToken(changePassword) } },
  { url: `${USER}/password/request-reset`, name: 'kii.user.request-reset', methods: { POST: byApp(requestReset) } },
  { url: `${USER}/password/complete-reset`, name: 'kii.user.complete-reset', methods: { POST: byApp(completeReset) } },
  { url: `${USER}/email-address`, name: 'kii.user.email', methods: { PUT: byToken(setEmailAddress) } },
  { url: `${USER}/phone-number`, name: 'kii.user.phone', methods: { PUT: byToken(setPhoneNumber) } },
  {
    url: `${USER}/email-address/verify`,
    name: 'kii.user.email.verify',
    methods: { POST: byToken((request) => verifyAddress(request, 'verify_email')) },
  },
  {
    url: `${USER}/phone-number/verify`,
    name: 'kii.user.phone.verify',
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
  { url: `${APP}/things`, name: 'kii.things', maxBody: MAX_FIELDS_BODY, methods: { POST: byApp(registerThing) } },
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
  { url: `${THING}/password`, name: 'kii.thing.password', methods: { PUT: byToken(changeThingPassword) } },
  { url: `${THING}/ownership`, name: 'kii.thing.owners', methods: { POST: byToken(addOwnerByPassword) } },
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
  { url: `${PARAMETERS}/:parameter`, name: 'kii.parameter', methods: { PUT: byToken(setParameter) } },
];

const THING_IF: readonly Resource[] = [
  {
    url: `${APP}/onboardings`,
    name: 'kii.onboardings',
    maxBody: MAX_FIELDS_BODY,
    methods: { POST: { by: 'either', run: onboard } },
  },
  { url: `${THING}/end-nodes`, name: 'kii.thing.end-nodes', methods: { GET: byToken(readEndNodes) } },
];

export async function registerKiiRoutes(scope: FastifyInstance, context: HttpContext): Promise<void> {
  await prepare(scope);
  registerTokenRoutes(scope, context.services);
  for (const resource of API) {
    register(scope, context.services, resource);
  }
}

export async function registerThingIfRoutes(scope: FastifyInstance, context: HttpContext): Promise<void> {
  await prepare(scope);
  for (const resource of THING_IF) {
    register(scope, context.services, resource);
  }
}

async function prepare(scope: FastifyInstance): Promise<void> {
  // Whatever the content type says, the bytes come here as they are.
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  await scope.register(fastifyCors, CORS);
}

function register(scope: FastifyInstance, services: Services, { url, name, maxBody, methods }: Resource): void {
  // Fastify answers HEAD wherever there is a GET.
  const allowed = [...Object.keys(methods), ...('GET' in methods ? ['HEAD'] : []), 'OPTIONS'];
  const { PATCH: patch, POST: post } = methods;
  // Java's own HTTP client knows no PATCH, so kii-rest-client4j sends a POST that says it is one.
  const served: Resource['methods'] = patch === undefined ? methods : { ...methods, POST: post ?? patch };
  const otherwise = Object.keys(served).filter((method) => !allowed.includes(method));
  const refuse = refuseOthers(scope, url, configOf(name), allowed, otherwise);
  for (const [method, standard] of Object.entries(served) as [string, Method][]) {
    const isPosted = method === 'POST' && patch !== undefined;
    scope.route({
      method: method as HTTPMethods,
      url,
      config: configOf(`${name}.${method.toLowerCase()}`),
      ...(maxBody === undefined ? {} : { bodyLimit: maxBody }),
      ...(isPosted && post === undefined
        ? { onRequest: async ({ headers }: FastifyRequest) => (saysPatch(headers) ? undefined : refuse()) }
        : {}),
      handler: async (request, reply) => {
        const deadline = newDeadline();
        const chosen = isPosted && saysPatch(request.headers) ? patch : standard;
        return sendAnswer(reply, await within(deadline, serve(services, request, chosen, deadline)));
      },
    });
  }
}

function saysPatch(headers: FastifyRequest['headers']): boolean {
  return String(headers['x-http-method-override']).toUpperCase() === 'PATCH';
}

function configOf(operation: string) {
  return { operation, failure: resourceFailure };
}

async function serve(
  services: Services,
  request: FastifyRequest,
  { by, run }: Method,
  deadline: Instant,
): Promise<Answer> {
  const resource = await resourceRequestOf(services, request, by, deadline);
  try {
    return await run(resource);
  } catch (error) {
    throw inKiiWords(error, resource.context);
  }
}
