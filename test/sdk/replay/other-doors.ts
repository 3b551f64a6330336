/** Ends of tokens by other doors than gRPC: Connect, the dialect of Kii, and the program on the server's machine. */
import { basic } from '../../process/grpc-client.ts';
import { loginsOf } from './login-ops.ts';
import type { Person } from './tenant.ts';
import { difference } from './values.ts';
import type { World } from './world.ts';

/** What Kii's clients send, below the user. */
const KII: Readonly<Record<string, readonly [method: string, path: string, body?: object]>> = {
  disable: ['PUT', '/status', { disabled: true }],
  delete: ['DELETE', ''],
  change_password: ['PUT', '/password', { newPassword: 'another horse battery' }],
};

export const OTHER_DOORS = {
  /** Revokes the token over HTTP. */
  end_over_http: async (world: World, { token }: { token: string }) => {
    const { text } = world.token(token);
    const { http, admin } = world.real.demo;
    await send(`http://${http}/symbolon.v1.TokenService/Revoke`, {
      method: 'POST',
      headers: { authorization: basic(admin.client_id, admin.client_secret), 'content-type': 'application/json' },
      body: JSON.stringify({ token: text }),
    });
    world.judge.ended(text);
  },

  /** An admin ends the user of a token that `log_in` made, as an app of Kii does. */
  end_over_kii: async (world: World, { token, by }: { token: string; by: string }) => {
    const { text, userId = '' } = world.token(token);
    const { http, tenant_id } = world.real.demo;
    const [method, path, body] = KII[by] ?? ['', ''];
    await send(`http://${http}/api/apps/${tenant_id}/users/${userId}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await world.admin.ownToken()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    world.judge.ended(text);
  },

  /** A user signs in as an app of Kii does, at the OAuth endpoint. */
  sign_in_over_kii: async (world: World, { user, keep }: { user: string; keep: string }) => {
    const { tenant, values } = loginsOf(world);
    const { login_name: username, password } = values.get(user) as Person;
    const answer = await send(`http://${world.real.demo.http}/api/apps/${tenant.id}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: basic(tenant.id, 'any'), 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'password', username, password }),
    });
    values.set(keep, ((await answer.json()) as { access_token: string }).access_token);
  },

  /** A token of a login is what an app of Kii sends: it is told who its user is. */
  me_over_kii: async (world: World, { token, user }: { token: string; user: string }) => {
    const { tenant, values } = loginsOf(world);
    const answer = await send(`http://${world.real.demo.http}/api/apps/${tenant.id}/users/me`, {
      headers: { authorization: `Bearer ${values.filled(token)}` },
    });
    const differs = difference({ userID: values.filled(user) }, await answer.json());
    if (differs !== undefined) {
      throw new Error(`the user is another one: ${differs}`);
    }
  },

  /** Who runs the server does this to the tenant, beside it, which ends these tokens. */
  operator: async (world: World, { does, ends = [] }: { does: string; ends?: readonly string[] }) => {
    await world.real.run('tenant', does, world.real.demo.tenant_id);
    for (const token of ends) {
      world.judge.ended(world.token(token).text);
    }
  },
};

async function send(url: string, request: RequestInit): Promise<Response> {
  const answer = await fetch(url, request);
  if (!answer.ok) {
    throw new Error(`${request.method} ${url} answered ${answer.status} ${await answer.text()}`);
  }
  return answer;
}
