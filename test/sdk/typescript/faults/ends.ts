/** The ways by which tokens end. Each has a token of its own, and none ends another's. */
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import type { RevocationWait } from '../../../../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../../../../src/server/demo.ts';
import { callMethod, type MethodName, type Partially, user } from '../../../grpc/methods/bed.ts';
import { tokensIn } from '../../../issue-result.ts';
import { basic } from '../../../process/grpc-client.ts';

const PATIENCE_MS = 45_000;
const PAUSE_MS = 20;
const PASSWORD = 'correct horse battery';

/** A token that something can end. */
export interface Ending {
  readonly token: string;
  readonly how: string;
  /** Done again after it failed, which is right for all of them. */
  readonly end: (admin: Admin, wait: RevocationWait) => Promise<unknown>;
}

/** The admin of the demo tenant, at whichever server there is. */
export class Admin implements Disposable {
  readonly #metadata: Metadata;
  readonly #demo: DemoRecord;
  /** Of a server that speaks TLS. */
  readonly #certificates: string | undefined;
  #client: Client;

  constructor(demo: DemoRecord, address = demo.grpc, certificates?: string) {
    this.#demo = demo;
    this.#certificates = certificates;
    this.#client = connected(address, this.#certificates);
    this.#metadata = metadataOf(demo.admin.client_id, demo.admin.client_secret);
  }

  get tenantId(): string {
    return this.#demo.tenant_id;
  }

  moveTo(address: string): void {
    this.#client.close();
    this.#client = connected(address, this.#certificates);
  }

  /** Until there is an answer: servers come and go. Of what was refused the reason is thrown. */
  async call<Name extends MethodName>(name: Name, request: Partially<Name>, as = this.#metadata) {
    for (const giveUp = performance.now() + PATIENCE_MS; ; ) {
      try {
        return await callMethod(this.#client, name, request, as);
      } catch (error) {
        const { code } = error as { code?: number };
        if (performance.now() > giveUp || !WITHOUT_ANSWER.includes(code ?? 0)) {
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  async issueToClient(clientId: string, clientSecret: string): Promise<string> {
    const credential = { $case: 'clientSecret' as const, value: { clientId, clientSecret } };
    const issued = await this.call('issue', { credential }, metadataOf(clientId, clientSecret));
    return tokensIn(issued)?.accessToken ?? '';
  }

  async ownToken(): Promise<string> {
    const { client_id, client_secret } = this.#demo.admin;
    return this.issueToClient(client_id, client_secret);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

/** CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE. */
const WITHOUT_ANSWER = [1, 4, 14];

function metadataOf(clientId: string, clientSecret: string): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', basic(clientId, clientSecret));
  return metadata;
}

function connected(address: string, certificates: string | undefined): Client {
  const isPlain = certificates === undefined;
  return new Client(
    address,
    isPlain ? credentials.createInsecure() : credentials.createSsl(Buffer.from(certificates)),
    {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.initial_reconnect_backoff_ms': 50,
      'grpc.max_reconnect_backoff_ms': 200,
    },
  );
}

let count = 0;

type Way = (admin: Admin) => Promise<Omit<Ending, 'how'>>;

async function ofUser(admin: Admin, end: (admin: Admin, id: string, wait: RevocationWait) => Promise<unknown>) {
  const loginName = `u${++count}-${Math.trunc(performance.timeOrigin)}`;
  const { user: made } = await admin.call('registerUser', { loginName, password: PASSWORD });
  const credential = { $case: 'userPassword' as const, value: { username: loginName, password: PASSWORD } };
  const token = tokensIn(await admin.call('issue', { credential }))?.accessToken ?? '';
  return { token, end: (by: Admin, wait: RevocationWait) => end(by, made?.userId ?? '', wait) };
}

async function ofClient(admin: Admin, end: (admin: Admin, id: string, wait: RevocationWait) => Promise<unknown>) {
  const { client, clientSecret } = await admin.call('createClient', { tenantId: admin.tenantId, confidential: true });
  const id = client?.clientId ?? '';
  const token = await admin.issueToClient(id, clientSecret);
  return { token, end: (by: Admin, wait: RevocationWait) => end(by, id, wait) };
}

export const WAYS: Readonly<Record<string, Way>> = {
  revoke: async (admin) => {
    const token = await admin.ownToken();
    return { token, end: (by, wait) => by.call('revoke', { target: { $case: 'token', value: token }, wait }) };
  },
  revokeUser: (admin) =>
    ofUser(admin, (by, value, wait) => by.call('revokeAll', { target: { $case: 'userId', value }, wait })),
  disableUser: (admin) => ofUser(admin, (by, id, wait) => by.call('disableUser', { user: user.id(id), wait })),
  changePassword: (admin) =>
    ofUser(admin, (by, id, wait) =>
      by.call('changeUserPassword', { user: user.id(id), newPassword: `${PASSWORD}!`, wait }),
    ),
  revokeClient: (admin) =>
    ofClient(admin, (by, value, wait) => by.call('revokeAll', { target: { $case: 'clientId', value }, wait })),
  disableClient: (admin) => ofClient(admin, (by, clientId, wait) => by.call('disableClient', { clientId, wait })),
  resetSecret: (admin) =>
    ofClient(admin, (by, clientId, wait) => by.call('addClientSecret', { clientId, reset: true, wait })),
};
