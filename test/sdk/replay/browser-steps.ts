/** What users do on the pages of the server, in a browser of theirs, and what becomes of what they allowed. */
import { GrantType } from '../../../gen/ts/symbolon/v1/client_service.ts';
import { device as deviceRef } from '../../grpc/methods/bed.ts';
import { type Decision, Visitor } from '../../http/pages/visitor.ts';
import { loginsOf } from './login-ops.ts';
import { type Person, publicMetadata } from './tenant.ts';
import type { World } from './world.ts';

/** Where an app's browser comes back to that has a server of its own. */
const WEB = 'https://app.example/back';
const LOOPBACK = 'http://127.0.0.1/callback';
const SCOPES = ['read', 'write', 'profile.read'];

interface AppClient {
  readonly id: string;
  readonly secret: string;
}

export const BROWSER_STEPS = {
  /** A client whose users sign in in a browser, and on devices without one. `$name.id`, `.secret`, `.web` and `.loopback`. */
  app_client: async (world: World, { as, confidential = false }: { as: string; confidential?: boolean }) => {
    const { tenant, values } = loginsOf(world);
    const clientId = `${tenant.id}.${as}`;
    const { clientSecret } = await tenant.admin.call('createClient', {
      ...{ tenantId: tenant.id, clientId, confidential, scopes: SCOPES, redirectUris: [WEB, LOOPBACK] },
      grantTypes: [
        ...[GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN, GrantType.DEVICE_CODE],
        ...(confidential ? [GrantType.CLIENT_CREDENTIALS] : []),
      ],
    });
    values.set(as, { id: clientId, secret: clientSecret, web: WEB, loopback: LOOPBACK });
  },

  /** A user opens what an app opened, signs in and decides. `keep`: where that leads, which nobody goes to yet. */
  browse: async (world: World, step: { user: string; url: string; decision?: Decision; keep: string }) => {
    const { values } = loginsOf(world);
    const url = String(values.filled(step.url));
    values.set(step.keep, (await visitorOf(world, step.user, url).decide(url, step.decision)).href);
  },

  /** The browser goes there: to the app that listens on this machine. `change`: what is otherwise in the query; null: left out. */
  come_back: async (
    world: World,
    step: { to: string; change?: Readonly<Record<string, string | null>>; path?: string; status?: number },
  ) => {
    const { status } = await fetch(changed(world, step), { redirect: 'error' });
    if (status !== (step.status ?? 200)) {
      throw new Error(`the app must answer the browser ${step.status ?? 200}, and answered ${status}`);
    }
  },

  /** Nobody listens there any more. */
  nobody_listens: async (world: World, { at }: { at: string }) => {
    const url = String(loginsOf(world).values.filled(at));
    await world.until('the listener to be gone', () =>
      fetch(url, { redirect: 'error' }).then(
        ({ status }) => `somebody answered ${status}`,
        () => true as const,
      ),
    );
  },

  /** Keeps a URL with this in its query in place of what it has. */
  forge: async (
    world: World,
    step: { to: string; change?: Readonly<Record<string, string | null>>; path?: string; keep: string },
  ) => loginsOf(world).values.set(step.keep, changed(world, step)),

  /** What is in the query of a URL; of `null` there is nothing. */
  url_has: async (world: World, { url, query }: { url: string; query: Readonly<Record<string, string | null>> }) => {
    const { values } = loginsOf(world);
    const { searchParams } = new URL(String(values.filled(url)));
    for (const [name, expected] of Object.entries(values.filled(query))) {
      const found = searchParams.getAll(name);
      const isRight = expected === '*' ? found.length === 1 && found[0] !== '' : found.join() === (expected ?? '');
      if (!isRight) {
        throw new Error(`${name} of the URL must be ${expected}, and is ${found}`);
      }
    }
  },

  /** A user types the code of a device, and decides. */
  decide_device: async (
    world: World,
    { user, at, code, decision }: { user: string; at: string; code: string; decision: Decision },
  ) => {
    const { values } = loginsOf(world);
    const url = String(values.filled(at));
    await visitorOf(world, user, url).connect(url, String(values.filled(code)), decision);
  },

  /** Somebody who read the browser's history brings the code once more, as the client that it was for: the login that it gave ends. */
  replay_code: async (world: World, { client, back }: { client: string; back: string }) => {
    const { tenant, values } = loginsOf(world);
    const { id } = values.get(client) as AppClient;
    const { searchParams, origin, pathname } = new URL(String(values.filled(back)));
    const value = {
      code: searchParams.get('code') ?? '',
      redirectUri: origin + pathname,
      codeVerifier: 'x'.repeat(43),
    };
    const credential = { $case: 'authorizationCode' as const, value };
    const answer = await tenant.admin.call('issue', { credential }, publicMetadata(id)).then(
      () => 'tokens',
      (error: Error) => error.message,
    );
    if (answer === 'tokens') {
      throw new Error('a used code must be refused');
    }
  },

  /** The user takes back what it allowed the client, which ends these questions and tokens. */
  withdraw: async (
    world: World,
    { user, client, ends = [] }: { user: string; client: string; ends?: readonly string[] },
  ) => {
    const { tenant, values } = loginsOf(world);
    const userId = String(values.get(`${user}.id`));
    const found = await tenant.admin.call('listConsents', { user: { $case: 'userId', value: userId } });
    const clientId = values.get(`${client}.id`);
    const consent = found.consents.find((each) => each.clientId === clientId);
    const { consentId } = required(consent, `${user} granted ${client} nothing`);
    await tenant.admin.call('withdrawConsent', { consentId });
    world.judgeEnded(ends);
  },

  /** A user owns a device. */
  own: async (world: World, { user, device }: { user: string; device: string }) => {
    const { tenant, values } = loginsOf(world);
    await tenant.admin.call('addDeviceOwner', {
      device: deviceRef.id(String(values.get(`${device}.id`))),
      userId: String(values.get(`${user}.id`)),
    });
  },

  /** A resource server, and the client that may introspect what is for it. `$name.id`, and `$name.client`. */
  resource_server: async (world: World, { as }: { as: string }) => {
    const { tenant, values } = loginsOf(world);
    const resourceServerId = `https://${as}.${tenant.id}.example`;
    const client = await tenant.verifierClient(as);
    await tenant.admin.call('createResourceServer', { resourceServerId, clientIds: [client.id] });
    values.set(as, { id: resourceServerId, client });
  },

  /** The verifier of the next `open` is of the tenant: a client that checks tokens, or that of a resource server. */
  verifier_of: async (world: World, { resource_server }: { resource_server?: string }) => {
    const { tenant, values } = loginsOf(world);
    const { id: client_id, secret: client_secret } =
      resource_server === undefined
        ? await tenant.verifierClient('verifier')
        : (values.get(`${resource_server}.client`) as AppClient);
    world.identity = { client_id, client_secret };
  },

  /** What a login has becomes a token that the verifier checks. */
  present: async (world: World, { token, value }: { token: string; value: string }) => {
    world.tokens.set(token, { text: String(loginsOf(world).values.filled(value)) });
  },
};

/** In a browser that has no cookie yet. */
function visitorOf(world: World, user: string, url: string): Visitor {
  const { login_name: username, password } = loginsOf(world).values.get(user) as Person;
  return new Visitor(url, { username, password });
}

function changed(
  world: World,
  { to, change = {}, path }: { to: string; change?: Readonly<Record<string, string | null>>; path?: string },
): string {
  const { values } = loginsOf(world);
  const url = new URL(String(values.filled(to)));
  url.pathname = path ?? url.pathname;
  for (const [name, value] of Object.entries(values.filled(change))) {
    if (value === null) {
      url.searchParams.delete(name);
    } else {
      url.searchParams.set(name, value);
    }
  }
  return url.href;
}

function required<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) {
    throw new Error(otherwise);
  }
  return value;
}
