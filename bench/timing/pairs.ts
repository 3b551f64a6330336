/** What must take the same time: each pair is one thing that is right, or there, and one that is not. */
import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { TenantServiceClient } from '../../gen/ts/symbolon/v1/tenant_service.ts';
import { IssueRequest, TokenServiceClient } from '../../gen/ts/symbolon/v1/token_service.ts';
import { ChangeUserPasswordRequest, MessageChannel, UserServiceClient } from '../../gen/ts/symbolon/v1/user_service.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { basic } from '../tokens.ts';

/** Answers the status of its end. */
export type Timed = (i: number) => Promise<number>;

export interface Pair {
  readonly name: string;
  readonly one: Timed;
  readonly other: Timed;
}

type Call<Request> = (
  request: Request,
  metadata: Metadata,
  options: { deadline: number },
  callback: (error: ServiceError | null) => void,
) => unknown;

const DEADLINE_MS = 5_000;
/** A code bears so many wrong guesses; who has none is held to as many. */
const GUESSES_PER_CODE = 5;
const WRONG_CODE = '00000000';
const NEW_PASSWORD = 'a password for the time of a bench';

export class Pairs {
  readonly #tokens: TokenServiceClient;
  readonly #tenants: TenantServiceClient;
  readonly #users: UserServiceClient;
  readonly #demo: DemoRecord;
  readonly #admin: Metadata;
  readonly #public: Metadata;

  constructor(demo: DemoRecord) {
    this.#tokens = new TokenServiceClient(demo.grpc, credentials.createInsecure());
    this.#tenants = new TenantServiceClient(demo.grpc, credentials.createInsecure());
    this.#users = new UserServiceClient(demo.grpc, credentials.createInsecure());
    this.#demo = demo;
    this.#admin = authorization(demo.admin);
    this.#public = authorization({ client_id: demo.tenant_id, client_secret: '' });
  }

  /** Makes the users that the pairs are about. */
  async prepare(calls: number): Promise<void> {
    const users = this.#users;
    await this.#end(
      this.#tenants.updateTenant.bind(this.#tenants) as Call<unknown>,
      {
        tenantId: this.#demo.tenant_id,
        policy: { loginAttempts: 1_000_000 },
        updateMask: ['policy.login_attempts'],
      },
      this.#admin,
    );
    for (const loginName of ['off', 'changing', 'probed']) {
      await this.#register(loginName);
    }
    await this.#end(users.disableUser.bind(users) as Call<unknown>, { user: named('off') }, this.#admin);
    for (let i = 0; i < calls / GUESSES_PER_CODE; i++) {
      await this.#register(`reset-${i}`, { email: `reset-${i}@example.com`, emailVerified: true });
      const asked = { user: named(`reset-${i}`), channel: MessageChannel.EMAIL };
      await this.#end(users.requestPasswordReset.bind(users) as Call<unknown>, asked, this.#admin);
    }
  }

  list(): Pair[] {
    const { user, device } = this.#demo;
    const wrong = () => this.#login(user.login_name, 'wrong');
    return [
      { name: 'a login: wrong password, unknown login name', one: wrong, other: () => this.#login('nobody', 'wrong') },
      {
        name: 'a login: wrong password, unknown e-mail',
        one: wrong,
        other: () => this.#login('no@example.com', 'wrong'),
      },
      { name: 'a login: wrong password, what can be no name', one: wrong, other: () => this.#login('§', 'wrong') },
      { name: 'a login: wrong password, disabled user', one: wrong, other: () => this.#login('off', NEW_PASSWORD) },
      {
        name: 'a login of a device: wrong password, unknown device',
        one: () => this.#loginDevice(device.vendor_id),
        other: () => this.#loginDevice('nothing'),
      },
      { name: 'a login: right, wrong', one: () => this.#login(user.login_name, user.password), other: wrong },
      {
        name: 'a change of a password: wrong, unknown user',
        one: () => this.#change(user.login_name, 'wrong'),
        other: () => this.#change('nobody', 'wrong'),
      },
      {
        name: 'a change of a password: right, wrong',
        one: () => this.#change('changing', NEW_PASSWORD),
        other: () => this.#change('changing', 'wrong'),
      },
      {
        name: 'a reset of a password: wrong code, unknown user',
        one: (i) => this.#reset(`reset-${Math.floor(i / GUESSES_PER_CODE)}`),
        other: (i) => this.#reset(`nobody-${Math.floor(i / GUESSES_PER_CODE)}`),
      },
      {
        name: 'a login behind a change with 10 ms to live: right, wrong',
        one: () => this.#probeBehind(NEW_PASSWORD),
        other: () => this.#probeBehind('wrong'),
      },
    ];
  }

  close(): void {
    this.#tokens.close();
    this.#tenants.close();
    this.#users.close();
  }

  #login(username: string, password: string): Promise<number> {
    const request = IssueRequest.fromPartial({ credential: { $case: 'userPassword', value: { username, password } } });
    return this.#end(this.#tokens.issue.bind(this.#tokens) as Call<IssueRequest>, request, this.#public);
  }

  #loginDevice(value: string): Promise<number> {
    const device = { $case: 'vendorId' as const, value };
    const credential = { $case: 'devicePassword' as const, value: { device, password: 'wrong' } };
    const request = IssueRequest.fromPartial({ credential });
    return this.#end(this.#tokens.issue.bind(this.#tokens) as Call<IssueRequest>, request, this.#public);
  }

  /** To the password that it is already, where the old one is right. */
  #change(loginName: string, oldPassword: string, deadlineMs = DEADLINE_MS): Promise<number> {
    const request = ChangeUserPasswordRequest.fromPartial({
      user: named(loginName),
      oldPassword,
      newPassword: NEW_PASSWORD,
    });
    const method = this.#users.changeUserPassword.bind(this.#users) as Call<ChangeUserPasswordRequest>;
    return this.#end(method, request, this.#public, deadlineMs);
  }

  #reset(loginName: string): Promise<number> {
    const request = { user: named(loginName), code: WRONG_CODE, newPassword: NEW_PASSWORD };
    const method = this.#users.completePasswordReset.bind(this.#users) as Call<unknown>;
    return this.#end(method, request, this.#public);
  }

  /** What a stranger sees of the queue, behind guesses whose answers it does not wait for. */
  async #probeBehind(password: string): Promise<number> {
    const guesses = Array.from({ length: 8 }, () => this.#change('probed', password, 10));
    const [probe] = await Promise.all([this.#login('nobody', 'wrong'), ...guesses]);
    return probe;
  }

  async #register(loginName: string, fields: object = {}): Promise<void> {
    const request = { loginName, password: NEW_PASSWORD, ...fields };
    await this.#end(this.#users.registerUser.bind(this.#users) as Call<unknown>, request, this.#admin);
  }

  #end<R>(call: Call<R>, request: R, metadata: Metadata, deadlineMs = DEADLINE_MS): Promise<number> {
    return new Promise((resolve) => {
      call(request, metadata, { deadline: Date.now() + deadlineMs }, (error) => resolve(error?.code ?? 0));
    });
  }
}

function named(loginName: string) {
  return { user: { $case: 'loginName' as const, value: loginName } };
}

function authorization(client: DemoRecord['admin']): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', basic(client));
  return metadata;
}
