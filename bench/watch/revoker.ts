/** Revokes tokens one by one, and takes the time. */
import { credentials, Metadata } from '@grpc/grpc-js';
import {
  type RevocationWait,
  RevokeRequest,
  type RevokeResponse,
  TokenServiceClient,
} from '../../gen/ts/symbolon/v1/token_service.ts';
import type { Symbolon } from '../processes.ts';
import { basic, issueTokens } from '../tokens.ts';
import { monotonicMs } from './messages.ts';

export class Revoker {
  readonly #server: Symbolon;
  readonly #client: TokenServiceClient;
  readonly #metadata = new Metadata();
  #tokens: string[] = [];

  constructor(server: Symbolon) {
    this.#server = server;
    this.#client = new TokenServiceClient(server.address, credentials.createInsecure());
    this.#metadata.set('authorization', basic(server.demo.service));
  }

  /** Makes tokens for `token()`. */
  async prepare(count: number): Promise<void> {
    this.#tokens = await issueTokens(this.#client, this.#server.demo.service, count);
  }

  token(): string {
    const token = this.#tokens.pop();
    if (token === undefined) {
      throw new Error('too few tokens were prepared');
    }
    return token;
  }

  /** Answers when the answer arrived, and how long the call took. */
  revoke(token: string, wait: RevocationWait): Promise<{ at: number; tookMs: number; response: RevokeResponse }> {
    const request = RevokeRequest.fromPartial({ target: { $case: 'token', value: token }, wait });
    const begin = monotonicMs();
    return new Promise((resolve, reject) => {
      this.#client.revoke(request, this.#metadata, (error, response: RevokeResponse) => {
        const at = monotonicMs();
        if (error === null) {
          resolve({ at, tookMs: at - begin, response });
        } else {
          reject(error);
        }
      });
    });
  }

  close(): void {
    this.#client.close();
  }
}
