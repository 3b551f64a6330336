/** Ends of tokens by other doors than gRPC: Connect, the dialect of Kii, and the program on the server's machine. */
import { basic } from '../../process/grpc-client.ts';
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

  /** Who runs the server does this to the tenant, beside it, which ends these tokens. */
  operator: async (world: World, { does, ends = [] }: { does: string; ends?: readonly string[] }) => {
    await world.real.run('tenant', does, world.real.demo.tenant_id);
    for (const token of ends) {
      world.judge.ended(world.token(token).text);
    }
  },
};

async function send(url: string, request: RequestInit): Promise<void> {
  const answer = await fetch(url, request);
  if (!answer.ok) {
    throw new Error(`${request.method} ${url} answered ${answer.status} ${await answer.text()}`);
  }
}
