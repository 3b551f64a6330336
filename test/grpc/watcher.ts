/** A client of WatchRevocations that keeps what it was sent, and says only what the test makes it say. */
import { randomBytes } from 'node:crypto';
import type { ClientDuplexStream, Metadata, ServiceError, StatusObject } from '@grpc/grpc-js';
import {
  type TokenServiceClient,
  WatchRevocationsRequest,
  type WatchRevocationsResponse,
} from '../../gen/ts/symbolon/v1/token_service.ts';
import { type CallFailure, failureOf } from './client.ts';

export function newVerifierId(): string {
  return randomBytes(16).toString('base64url');
}

interface Says {
  readonly start?: { readonly verifierId?: string; readonly resumeRevision?: number | undefined };
  readonly heartbeat?: number;
  readonly acknowledgedRevision?: number;
}

export class Watcher implements Disposable {
  readonly call: ClientDuplexStream<WatchRevocationsRequest, WatchRevocationsResponse>;
  readonly messages: WatchRevocationsResponse[] = [];
  /** How it ended. */
  readonly failure: Promise<CallFailure>;
  readonly ended: Promise<StatusObject>;
  #onChange: () => void = () => undefined;

  constructor(client: TokenServiceClient, metadata: Metadata) {
    this.call = client.watchRevocations(metadata);
    this.ended = new Promise((resolve) => this.call.once('status', resolve));
    const failed = new Promise<never>((_, reject) => this.call.on('error', (error: ServiceError) => reject(error)));
    failed.catch(() => undefined);
    this.failure = failureOf(Promise.race([failed, this.ended]));
    this.failure.catch(() => undefined);
    this.call.on('data', (message: WatchRevocationsResponse) => {
      this.messages.push(message);
      this.#onChange();
    });
  }

  say(request: Says): this {
    this.call.write(WatchRevocationsRequest.fromPartial(request as object));
    return this;
  }

  /** Begins afresh, or at a position. */
  start(resumeRevision?: number, verifierId = newVerifierId(), heartbeat = 0): this {
    return this.say({ start: { verifierId, resumeRevision }, heartbeat });
  }

  /** Resolves with the first message that is so, of those that have come and those that come. */
  async until(isSo: (message: WatchRevocationsResponse) => boolean = () => true): Promise<WatchRevocationsResponse> {
    for (;;) {
      const found = this.messages.find(isSo);
      if (found !== undefined) {
        return found;
      }
      const change = new Promise<void>((resolve) => {
        this.#onChange = resolve;
      });
      const end = await Promise.race([change, this.ended]);
      if (end !== undefined && this.messages.find(isSo) === undefined) {
        throw new Error(`the watch ended: ${end.code} ${end.details}`);
      }
    }
  }

  answered(heartbeat: number): Promise<WatchRevocationsResponse> {
    return this.until((message) => message.heartbeat >= heartbeat);
  }

  /** Of all events that came. */
  get revisions(): number[] {
    return this.messages.flatMap(({ events }) => events.map(({ revision }) => revision));
  }

  [Symbol.dispose](): void {
    this.call.cancel();
  }
}
