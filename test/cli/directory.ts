/** Calls about tenants and users as a person's application makes them. */
import { ChannelCredentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  ListTenantsRequest,
  type ListTenantsResponse,
  TenantServiceClient,
} from '../../gen/ts/symbolon/v1/tenant_service.ts';
import {
  ConfirmTotpRequest,
  type DeepPartial,
  EnrollTotpRequest,
  type EnrollTotpResponse,
  RegisterUserRequest,
  type RegisterUserResponse,
  RemoveTotpRequest,
  type User,
  UserServiceClient,
} from '../../gen/ts/symbolon/v1/user_service.ts';
import { totpCode } from '../../src/core/totp.ts';
import { CallFailed } from '../process/grpc-client.ts';

export class DirectoryClient implements Disposable {
  readonly #tenants: TenantServiceClient;
  readonly #users: UserServiceClient;
  readonly #metadata = new Metadata();

  constructor(address: string, authorization: string) {
    const options = { 'grpc.use_local_subchannel_pool': 1 };
    this.#tenants = new TenantServiceClient(address, ChannelCredentials.createInsecure(), options);
    this.#users = new UserServiceClient(address, ChannelCredentials.createInsecure(), options);
    this.#metadata.set('authorization', authorization);
  }

  async registerUser(user: DeepPartial<RegisterUserRequest>): Promise<User> {
    const answer = await this.#call<RegisterUserResponse>((...args) =>
      this.#users.registerUser(RegisterUserRequest.fromPartial(user), ...args),
    );
    return answer.user as User;
  }

  /** Answers the ids of all tenants, which operators alone can ask for. */
  async tenantIds(): Promise<string[]> {
    const { tenants } = await this.#call<ListTenantsResponse>((...args) =>
      this.#tenants.listTenants(ListTenantsRequest.fromPartial({}), ...args),
    );
    return tenants.map(({ tenantId }) => tenantId);
  }

  /** Answers the shared secret, which was confirmed. */
  async turnOnSecondFactor(userId: string): Promise<string> {
    const user = { user: { $case: 'userId', value: userId } } as const;
    const { secret } = await this.#call<EnrollTotpResponse>((...args) =>
      this.#users.enrollTotp(EnrollTotpRequest.fromPartial({ user }), ...args),
    );
    const code = totpCode(secret, Date.now());
    await this.#call<unknown>((...args) =>
      this.#users.confirmTotp(ConfirmTotpRequest.fromPartial({ user, code }), ...args),
    );
    return secret;
  }

  /** As an admin does for those who lost it. */
  async removeSecondFactor(userId: string): Promise<void> {
    const user = { user: { $case: 'userId', value: userId } } as const;
    await this.#call<unknown>((...args) => this.#users.removeTotp(RemoveTotpRequest.fromPartial({ user }), ...args));
  }

  #call<Response>(
    send: (metadata: Metadata, callback: (error: ServiceError | null, answer: Response) => void) => unknown,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      send(this.#metadata, (error, answer) => (error === null ? resolve(answer) : reject(new CallFailed(error))));
    });
  }

  [Symbol.dispose](): void {
    this.#tenants.close();
    this.#users.close();
  }
}
