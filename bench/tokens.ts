/** Making what the load presents. */

import { Metadata } from '@grpc/grpc-js';
import {
  IntrospectRequest,
  IssueRequest,
  type IssueResponse,
  type TokenServiceClient,
} from '../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../src/server/demo.ts';
import { tokensIn } from '../test/issue-result.ts';

export type ClientSecret = DemoRecord['service'];

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
    resource: '',
  };
  const issueOne = () =>
    new Promise<string>((resolve, reject) => {
      client.issue(request, metadata, (error, response: IssueResponse) =>
        error === null ? resolve(tokensIn(response)?.accessToken ?? '') : reject(error),
      );
    });
  return Promise.all(Array.from({ length: count }, issueOne));
}

/** A load's Issue by client credentials, in base64. */
export function issueMessage({ client_id, client_secret }: ClientSecret): string {
  const value = { clientId: client_id, clientSecret: client_secret };
  const credential = { $case: 'clientSecret' as const, value };
  const request = { credential, scopes: ['read'], requestId: '', expireTime: undefined, resource: '' };
  return Buffer.from(IssueRequest.encode(request).finish()).toString('base64');
}

/** A load's Introspect, in base64. */
export function introspectMessage(token: string): string {
  const request = { token, atLeastRevision: 0, maxStaleness: undefined };
  return Buffer.from(IntrospectRequest.encode(request).finish()).toString('base64');
}
