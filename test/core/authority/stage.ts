/** A tenant with all that may call, and another whose operator manages it. */

import type { UserRef } from '../../../src/core/operations/access.ts';
import type { Call, Caller } from '../../../src/core/operations/authenticate.ts';
import { authenticate, authenticateTokenHolder } from '../../../src/core/operations/authenticate.ts';
import { addDeviceOwner } from '../../../src/core/operations/devices.ts';
import type { IssuedTokens } from '../../../src/core/operations/new-tokens.ts';
import { CLIENT_SECRET_PREFIX, digestOf, formatSecret, SECRET_BYTES } from '../../../src/core/secrets.ts';
import type { Services } from '../../../src/core/services/services.ts';
import type { ClientRole } from '../../../src/core/tables/clients.ts';
import { MemoryStore } from '../../../src/store/memory/store.ts';
import { callerOf, make, makeDevice, makeTenant, makeUser, random, TestClock, testServices } from '../../support.ts';
import { bearer, LAMP, PASSWORD } from '../fixtures.ts';
import { issue } from '../issue.ts';
import { HeldHasher } from './held-hasher.ts';

export const TENANT = 'acme';
/** A public client, which can be deleted; the tenant's own can't. */
const PAGE = 'acme.page';
export const ANN = 'user-ann';
export const EVE = 'user-eve';
export const LAMP_ID = 'th.lamp';
/** A client that others change. */
export const TARGET = 'target';
/** When the secrets of all clients and the tokens expire. */
export const LIFETIME_MS = 3_600_000;

export type CallerName = 'public' | 'client' | 'admin' | 'admin bearer' | 'user' | 'presented' | 'device' | 'operator';

/** Who calls, and whom it cuts off when something happens to its client, tenant or user. */
export interface Actor {
  readonly call: Call;
  readonly clientId: string;
  readonly tenantId: string;
  /** The login of a bearer, or of the token that is presented. */
  readonly familyId?: string;
  /** How it names Ann. */
  readonly ann: UserRef;
}

export interface Stage {
  readonly services: Services;
  readonly store: MemoryStore;
  readonly clock: TestClock;
  readonly hasher: HeldHasher;
  readonly actor: Actor;
  /** An admin to whom nothing happens. */
  readonly insider: Call;
  /** Ann's own, by the client that calls. */
  readonly tokens: IssuedTokens;
}

export async function setStage(name: CallerName): Promise<Stage> {
  const clock = new TestClock();
  const store = new MemoryStore({ clock: clock.read });
  const hasher = new HeldHasher();
  const services = testServices(store, hasher, clock);
  const policy = { defaultTokenLifetimeMs: LIFETIME_MS };
  await makeTenant(store, TENANT, policy);
  await makeTenant(store, 'operators', policy);
  const secrets = new Map<string, string>();
  for (const [clientId, roles, tenantId] of CLIENTS) {
    secrets.set(clientId, await makeClientUntil(services, tenantId, clientId, roles));
  }
  const page = {
    clientId: PAGE,
    tenantId: TENANT,
    displayName: PAGE,
    confidential: false,
    roles: [],
    scopes: ['read'],
  };
  await make(store, { kind: 'create_client', client: page });
  const addresses = { email: 'ann@example.com', emailVerified: true, phone: '+819012341234' };
  await makeUser(services, TENANT, { subjectId: ANN, loginName: 'ann', password: PASSWORD, ...addresses });
  await makeUser(services, TENANT, { subjectId: EVE, loginName: 'eve', password: PASSWORD });
  await makeDevice(services, TENANT, { subjectId: LAMP_ID, vendorId: 'Lamp-1', password: PASSWORD });
  const insider = { caller: await callerOf(services, 'insider', secrets.get('insider')) };
  await addDeviceOwner(services, insider, { by: 'device_id', deviceId: LAMP_ID }, ANN);

  const caller = await callerOf(services, CLIENT_OF[name], secrets.get(CLIENT_OF[name]));
  const ann = { credential: { kind: 'user', username: 'ann', password: PASSWORD } } as const;
  // An operator is of another tenant than Ann, and issues her nothing.
  const tokens = await issue(services, name === 'operator' ? insider : { caller }, ann);
  const actor = await actorOf(services, name, caller, tokens);
  return { services, store, clock, hasher, actor, insider, tokens };
}

const CLIENTS: readonly [string, readonly ClientRole[], string][] = [
  ['backend', [], TENANT],
  ['admin', ['admin'], TENANT],
  ['insider', ['admin'], TENANT],
  [TARGET, [], TENANT],
  ['operator', ['operator'], 'operators'],
];

const CLIENT_OF: Readonly<Record<CallerName, string>> = {
  public: PAGE,
  client: 'backend',
  admin: 'admin',
  'admin bearer': 'admin',
  user: 'backend',
  presented: 'backend',
  device: 'backend',
  operator: 'operator',
};

async function actorOf(services: Services, name: CallerName, caller: Caller, ann: IssuedTokens): Promise<Actor> {
  const { clientId, tenantId } = caller;
  const byId = { by: 'user_id', userId: ANN } as const;
  switch (name) {
    case 'admin bearer': {
      const { credential } = caller;
      const clientSecret = credential.kind === 'client' ? credential.secret : '';
      const own = await issue(services, { caller }, { credential: { kind: 'client', clientId, clientSecret } });
      const bearing = await authenticate(services, bearer(own.accessToken));
      return { call: { caller: bearing }, clientId, tenantId, familyId: own.familyId, ann: byId };
    }
    case 'user':
      return { ...(await holderOf(services, ann)), clientId, tenantId, ann: byId };
    case 'device': {
      const lamp = await issue(services, { caller }, { credential: LAMP });
      return { ...(await holderOf(services, lamp)), clientId, tenantId, ann: byId };
    }
    case 'presented': {
      const byToken = { by: 'access_token', accessToken: ann.accessToken } as const;
      return { call: { caller }, clientId, tenantId, familyId: ann.familyId, ann: byToken };
    }
    default:
      return { call: { caller }, clientId, tenantId, ann: byId };
  }
}

async function holderOf(services: Services, { accessToken, familyId }: IssuedTokens) {
  const caller = await authenticateTokenHolder(services, TENANT, accessToken);
  if (caller === undefined) {
    throw new Error('the token is not live');
  }
  return { call: { caller }, familyId };
}

async function makeClientUntil(
  { store, clock }: Services,
  tenantId: string,
  clientId: string,
  roles: readonly ClientRole[],
): Promise<string> {
  const secret = formatSecret(CLIENT_SECRET_PREFIX, random(SECRET_BYTES));
  const client = { clientId, tenantId, displayName: clientId, confidential: true, roles, scopes: [] };
  const expireTime = clock() + LIFETIME_MS;
  const row = { secretId: `cs_${clientId}`, digest: digestOf(secret), expireTime };
  await make(store, { kind: 'create_client', client, secret: row });
  return secret;
}
