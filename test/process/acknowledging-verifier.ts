/** A verifier as small as it can be: it knows a revision, and until when it may answer from memory. */
import { randomBytes } from 'node:crypto';
import { ChannelCredentials, Metadata } from '@grpc/grpc-js';
import { TokenServiceClient, type WatchRevocationsRequest } from '../../gen/ts/symbolon/v1/token_service.ts';
import { HEARTBEAT_MS, MAX_BOUND_MS } from '../../src/core/verifiers.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { basic } from './grpc-client.ts';

export class AcknowledgingVerifier implements Disposable {
  known = -1;
  /** It sends heartbeats, and neither takes what it is sent nor acknowledges. */
  isFrozen = false;
  /** How its stream ended. */
  end: string | undefined;
  readonly #client: TokenServiceClient;
  readonly #call;
  readonly #sentAt: number[] = [Number.NEGATIVE_INFINITY];
  readonly #beating: NodeJS.Timeout;
  #fresh = Number.NEGATIVE_INFINITY;

  constructor(address: string, { client_id, client_secret }: DemoRecord['admin']) {
    this.#client = new TokenServiceClient(address, ChannelCredentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    });
    const metadata = new Metadata();
    metadata.set('authorization', basic(client_id, client_secret));
    this.#call = this.#client.watchRevocations(metadata);
    this.#call.on('error', ({ message }) => {
      this.end = message;
    });
    this.#call.on('data', ({ revision, heartbeat }) => {
      if (!this.isFrozen) {
        this.known = revision;
        this.#fresh = Math.max(this.#fresh, this.#sentAt[heartbeat] ?? Number.NEGATIVE_INFINITY);
        this.#say({ acknowledgedRevision: revision });
      }
    });
    this.#say({ start: { verifierId: randomBytes(16).toString('base64url'), resumeRevision: undefined } });
    this.#beat();
    this.#beating = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  /** Whether a check that begins now is answered from memory. */
  get isOpen(): boolean {
    return performance.now() - this.#fresh < MAX_BOUND_MS;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#beating);
    this.#call.cancel();
    this.#client.close();
  }

  #beat(): void {
    this.#sentAt.push(performance.now());
    this.#say({ heartbeat: this.#sentAt.length - 1 });
  }

  #say(request: Partial<WatchRevocationsRequest>): void {
    this.#call.write({ start: undefined, heartbeat: 0, acknowledgedRevision: 0, ...request });
  }
}
