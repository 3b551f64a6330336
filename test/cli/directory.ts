/** Calls of DirectoryService as a person's application makes them. */
import { ChannelCredentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  ConfirmTotpRequest,
  type DeepPartial,
  DirectoryServiceClient,
  EnrolTotpRequest,
  type EnrolTotpResponse,
  ListTenantsRequest,
  type ListTenantsResponse,
  RegisterUserRequest,
  type RegisterUserResponse,
  RemoveTotpRequest,
  type User,
} from '../../gen/ts/symbolon/v1/directory_service.ts';
import { totpCode } from '../../src/core/totp.ts';
import { CallFailed } from '../process/grpc-client.ts';

export class DirectoryClient implements Disposable {
  readonly #client: DirectoryServiceClient;
  readonly #metadata = new Metadata();

  constructor(address: string, authorization: string) {
    this.#client = new DirectoryServiceClient(address, ChannelCredentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    });
    this.#metadata.set('authorization', authorization);
  }

  async registerUser(user: DeepPartial<RegisterUserRequest>): Promise<User> {
    const answer = await this.#call<RegisterUserResponse>((...args) =>
      this.#client.registerUser(RegisterUserRequest.fromPartial(user), ...args),
    );
    return answer.user as User;
  }

  /** Answers the ids of all tenants, which operators alone can ask for. */
  async tenantIds(): Promise<string[]> {
    const { tenants } = await this.#call<ListTenantsResponse>((...args) =>
      this.#client.listTenants(ListTenantsRequest.fromPartial({}), ...args),
    );
    return tenants.map(({ tenantId }) => tenantId);
  }

  /** Answers the shared secret, which was confirmed. */
  async turnOnSecondFactor(userId: string): Promise<string> {
    const user = { user: { $case: 'userId', value: userId } } as const;
    const { secret } = await this.#call<EnrolTotpResponse>((...args) =>
      this.#client.enrolTotp(EnrolTotpRequest.fromPartial({ user }), ...args),
    );
    const code = totpCode(secret, Date.now());
    await this.#call<unknown>((...args) =>
      this.#client.confirmTotp(ConfirmTotpRequest.fromPartial({ user, code }), ...args),
    );
    return secret;
  }

  /** As an admin does for those who lost it. */
  async removeSecondFactor(userId: string): Promise<void> {
    const user = { user: { $case: 'userId', value: userId } } as const;
    await this.#call<unknown>((...args) => this.#client.removeTotp(RemoveTotpRequest.fromPartial({ user }), ...args));
  }

  #call<Response>(
    send: (metadata: Metadata, callback: (error: ServiceError | null, answer: Response) => void) => unknown,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      send(this.#metadata, (error, answer) => (error === null ? resolve(answer) : reject(new CallFailed(error))));
    });
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}
