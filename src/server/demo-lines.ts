/**
 * What `serve --demo` prints: a link to its pages, and what is there to be pasted: a token's whole life, over both surfaces, with nothing but
 * curl, sed and npx.
 */
import { DEMO_TENANT, type IssuersConfig } from '../config/issuers.ts';
import type { DemoRecord } from './demo.ts';

export interface Surfaces {
  readonly tls: boolean;
  /** Where the gRPC server tells its contract itself. */
  readonly reflection: boolean;
  readonly issuers: Pick<IssuersConfig, 'publicUrl' | 'defaultTenant'>;
}

/** My account: it asks who is not signed in to do so first. */
const ACCOUNT = '/account';

/** Addresses that a server listens at and nobody can go to (RFC 6890), and where this machine is found instead. */
const UNSPECIFIED: readonly (readonly [RegExp, string])[] = [
  [/^0\.0\.0\.0(?=:)/, '127.0.0.1'],
  [/^\[::\](?=:)/, '[::1]'],
];

/** Where browsers reach the pages of the demo tenant. */
function pagesUrl(http: string, { tls, issuers }: Pick<Surfaces, 'tls' | 'issuers'>): string {
  const { publicUrl, defaultTenant } = issuers;
  const host = UNSPECIFIED.reduce((address, [form, instead]) => address.replace(form, instead), http);
  const base = defaultTenant === DEMO_TENANT ? '' : `/t/${DEMO_TENANT}`;
  return `${publicUrl ?? `${tls ? 'https' : 'http'}://${host}`}${base}${ACCOUNT}`;
}

/** Each line answers something, and works with what the lines before it have left in the shell. */
export function linesToPaste(record: DemoRecord, path: string, surfaces: Surfaces): string {
  const { grpc, http, tenant_id, user, service } = record;
  const { tls, reflection } = surfaces;
  const scheme = tls ? 'https' : 'http';
  const login = JSON.stringify({ username: user.login_name, password: user.password });
  const issue = JSON.stringify({ clientSecret: { clientId: service.client_id, clientSecret: service.client_secret } });
  const call = (method: string, message: string): string =>
    // The package's whole name, for the one that is called `buf` in the registry is another.
    [
      `  npx @bufbuild/buf curl${tls ? ' --insecure' : ' --http2-prior-knowledge'} --protocol grpc --emit-defaults`,
      ...(reflection ? [] : ['--schema proto']),
      `-u ${service.client_id}:${service.client_secret} -d ${message} ${scheme}://${grpc}/symbolon.v1.TokenService/${method}`,
    ].join(' ');
  const token = '"{\\"token\\":\\"$TOKEN\\"}"';
  return [
    'A demo tenant is ready. Its ids and secrets are in',
    `  ${path}`,
    '',
    'Open this in a browser, and sign in:',
    `  ${pagesUrl(http, surfaces)}`,
    `  user name: ${user.login_name}`,
    `  password: ${user.password}`,
    '',
    'Paste these lines into another terminal, one after the other. Log in over REST, as clients of Kii Cloud do:',
    `  TOKEN=$(curl -sS${tls ? ' --insecure' : ''} ${scheme}://${http}/api/oauth2/token -u ${tenant_id}:any -H 'Content-Type: application/json' -d '${login}' | sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p'); echo "$TOKEN"`,
    '',
    'Get a token over gRPC, as a microservice:',
    call('Issue', `'${issue}'`),
    '',
    'Ask that microservice’s question: is the token of the login active? It answers true:',
    call('Introspect', token),
    '',
    'End it:',
    call('Revoke', token),
    '',
    'Ask again. It answers false:',
    call('Introspect', token),
    '',
    '',
  ].join('\n');
}
