/** Introspect with the least revision that the answer must know. */
import { ChannelCredentials, Metadata } from '@grpc/grpc-js';
import { type IntrospectResponse, TokenServiceClient } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { basic, CallFailed } from '../process/grpc-client.ts';

export function introspectAtLeast(
  { grpc, admin }: DemoRecord,
  token: string,
  atLeastRevision: number,
): Promise<IntrospectResponse> {
  const client = new TokenServiceClient(grpc, ChannelCredentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', basic(admin.client_id, admin.client_secret));
  return new Promise((resolve, reject) => {
    client.introspect({ token, atLeastRevision, maxStaleness: undefined }, metadata, (error, answer) => {
      client.close();
      if (error === null) {
        resolve(answer);
      } else {
        reject(new CallFailed(error));
      }
    });
  });
}
