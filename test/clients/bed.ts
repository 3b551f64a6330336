/** A running server with its demo tenant, clients of every kind, and a person at a browser. */
import { GrantType } from '../../gen/ts/symbolon/v1/client_service.ts';
import { Visitor } from '../http/pages/visitor.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';
import { Admin } from '../sdk/typescript/faults/ends.ts';

/** A resource server, at which `gate` introspects. */
export const API = 'https://api.example/v1';

/** As the programs of other languages are given it. */
export interface KnownClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly redirect_uri: string;
}

export interface ClientsBed extends AsyncDisposable {
  /** Of the tenant. */
  readonly issuer: string;
  /** Where the default tenant is. */
  readonly url: string;
  /** With a secret; without one; without a browser; may introspect; its users give it their password. */
  readonly clients: Readonly<Record<'web' | 'native' | 'tv' | 'gate' | 'trusted', KnownClient>>;
  readonly user: { readonly id: string; readonly username: string; readonly password: string };
  /** Signs in, and decides. */
  readonly visitor: Visitor;
  /** Introspection's answer. */
  told(token: string): Promise<Readonly<Record<string, unknown>>>;
}

export async function openClientsBed(): Promise<ClientsBed> {
  const directory = dataDirectory();
  const server = await ServerProcess.startDemo({ dataDir: directory.path });
  const { demo, httpAddress } = server;
  const { web, public: app, device_client, service, user, tenant_id } = demo;
  const [url, none] = [`http://${httpAddress}`, { client_secret: '', redirect_uri: '' }];
  const issuer = `${url}/t/${tenant_id}`;
  using admin = new Admin(demo);
  const account = { username: user.login_name, password: user.password };
  const gate = { ...none, ...service };
  const scopes = ['read'];
  await admin.call('createResourceServer', { resourceServerId: API, scopes, clientIds: [gate.client_id] });
  return {
    issuer,
    url,
    clients: {
      web,
      native: { ...none, ...app },
      tv: { ...none, ...device_client },
      gate,
      trusted: { ...none, ...(await firstParty(admin)) },
    },
    user: { id: user.id, ...account },
    visitor: new Visitor(url, account),
    told: async (token) => {
      const response = await fetch(`${issuer}/oauth2/introspect`, {
        method: 'POST',
        body: new URLSearchParams({ token, client_id: gate.client_id, client_secret: gate.client_secret }),
      });
      return (await response.json()) as Record<string, unknown>;
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      directory[Symbol.dispose]();
    },
  };
}

async function firstParty(admin: Admin): Promise<Pick<KnownClient, 'client_id' | 'client_secret'>> {
  const { client, clientSecret } = await admin.call('createClient', {
    tenantId: admin.tenantId,
    displayName: 'An app of one’s own',
    confidential: true,
    scopes: ['read', 'write'],
    firstParty: true,
    grantTypes: [GrantType.PASSWORD, GrantType.REFRESH_TOKEN],
  });
  return { client_id: client?.clientId ?? '', client_secret: clientSecret };
}
