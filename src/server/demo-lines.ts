/** What `serve --demo` prints to be pasted: a token's whole life, over both surfaces, with nothing but curl, sed and npx. */
import type { DemoRecord } from './demo.ts';

export interface Surfaces {
  readonly tls: boolean;
  /** Where the gRPC server tells its contract itself. */
  readonly reflection: boolean;
}

/** Each line answers something, and works with what the lines before it have left in the shell. */
export function linesToPaste(record: DemoRecord, path: string, { tls, reflection }: Surfaces): string {
  const { grpc, http, tenant_id, user, service } = record;
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
