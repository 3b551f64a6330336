/** Making what the load presents. */
import { Metadata } from '@grpc/grpc-js';
import type { IssueResponse, TokenServiceClient } from '../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../src/demo.ts';

type ClientSecret = DemoRecord['service'];

export function basic({ client_id, client_secret }: ClientSecret): string {
  return `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
}

/** Access tokens by client credentials. */
export async function issueTokens(client: TokenServiceClient, secret: ClientSecret, count: number): Promise<string[]> {
  const metadata = new Metadata();
  metadata.set('authorization', basic(secret));
  const request = {
    credential: {
      $case: 'clientSecret' as const,
      value: { clientId: secret.client_id, clientSecret: secret.client_secret },
    },
    scopes: ['read'],
    requestId: '',
    expireTime: undefined,
  };
  const issueOne = () =>
    new Promise<string>((resolve, reject) => {
      client.issue(request, metadata, (error, response: IssueResponse) =>
        error === null ? resolve(response.tokens?.accessToken ?? '') : reject(error),
      );
    });
  return Promise.all(Array.from({ length: count }, issueOne));
}
