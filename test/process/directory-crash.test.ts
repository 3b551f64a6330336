/** What happened to users must be known after a crash, all of it: the account, its token, the end of its tokens, and who did it. */
import { randomUUID } from 'node:crypto';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import type { ResponseOf } from '../../src/grpc/methods/method.ts';
import { callMethod, type MethodName, type Partially } from '../grpc/methods/bed.ts';
import { TokenClient } from './grpc-client.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';

const ROUNDS = 4;
const AT_ONCE = 8;
/** Acknowledged users after which the server is killed. */
const USERS_A_ROUND = 40;

type Fate = 'registered' | 'password changed' | 'disabled';

/** A user as it was acknowledged. */
interface Known {
  readonly userId: string;
  readonly accessToken: string;
  fate: Fate;
  /** Whether the last call on it got no answer, so that it may or may not have taken place. */
  isInDoubt: boolean;
}

/** The directory as the demo's admin sees it. */
class Directory implements Disposable {
  readonly #client: Client;
  readonly #metadata = new Metadata();

  constructor({ grpcAddress, demo }: ServerProcess) {
    const { client_id, client_secret } = demo.admin;
    this.#metadata.set('authorization', `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`);
    this.#client = new Client(grpcAddress, credentials.createInsecure());
  }

  call<Name extends MethodName>(name: Name, request: Partially<Name>): Promise<ResponseOf<Name>> {
    return callMethod(this.#client, name, request, this.#metadata);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

const byId = (userId: string) => ({ user: { $case: 'userId', value: userId } as const });

/** One user after the other, each with a fate, until the server is gone. */
async function live(directory: Directory, known: Known[], isEnough: () => boolean, kill: () => void): Promise<void> {
  for (let i = 0; ; i++) {
    let user: Known | undefined;
    try {
      const loginName = `u${randomUUID()}`;
      const withToken = { scopes: [] };
      const made = await directory.call('registerUser', { loginName, password: 'password', withToken });
      user = {
        userId: made.user?.userId ?? '',
        accessToken: made.tokens?.accessToken ?? '',
        fate: 'registered',
        isInDoubt: false,
      };
      known.push(user);
      user.isInDoubt = true;
      const ref = { user: byId(user.userId) };
      if (i % 3 === 1) {
        await directory.call('changeUserPassword', { ...ref, newPassword: 'another' });
        user.fate = 'password changed';
      } else if (i % 3 === 2) {
        await directory.call('disableUser', ref);
        user.fate = 'disabled';
      }
      user.isInDoubt = false;
    } catch {
      return;
    }
    if (isEnough()) {
      kill();
    }
  }
}

async function faultsOf(directory: Directory, tokens: TokenClient, known: readonly Known[]): Promise<string[]> {
  const faults: string[] = [];
  for (const { userId, accessToken, fate, isInDoubt } of known) {
    const { user } = await directory.call('getUser', { user: byId(userId) });
    const isActive = await tokens.isActive(accessToken);
    if (user === undefined) {
      faults.push(`${userId} was registered and is unknown`);
    }
    if (!isInDoubt && isActive !== (fate === 'registered')) {
      faults.push(`the token of ${userId}, ${fate}, is ${isActive ? 'active' : 'inactive'}`);
    }
    if (!isInDoubt && user?.disabled !== (fate === 'disabled')) {
      faults.push(`${userId}, ${fate}, is ${user?.disabled === true ? 'disabled' : 'enabled'}`);
    }
  }
  return faults;
}

it(
  `a directory that is killed while it changes knows every answer, and its audit log holds, after each of ${ROUNDS} kills`,
  async () => {
    using files = dataDirectory();
    const known: Known[] = [];
    let server = await ServerProcess.startDemo({ dataDir: files.path });
    try {
      for (let round = 1; round <= ROUNDS; round++) {
        using directory = new Directory(server);
        const enough = round * USERS_A_ROUND;
        const killing = server;
        const lanes = Array.from({ length: AT_ONCE }, () =>
          live(
            directory,
            known,
            () => known.length >= enough,
            () => void killing.kill(),
          ),
        );
        await Promise.all(lanes);
        await server.kill();

        server = await ServerProcess.startDemo({ dataDir: files.path });
        using again = new Directory(server);
        using tokens = TokenClient.admin(server.demo);
        expect(await faultsOf(again, tokens, known), `round ${round}`).toEqual([]);
        const { intact, verifiedCount, endReached } = await again.call('verifyAuditLog', {});
        expect({ intact, endReached }).toEqual({ intact: true, endReached: true });
        const acknowledged = known.filter(({ fate }) => fate !== 'registered').length + known.length;
        expect(Number(verifiedCount)).toBeGreaterThanOrEqual(acknowledged);
      }
    } finally {
      await server.kill();
    }
    expect(known.length).toBeGreaterThanOrEqual(ROUNDS * USERS_A_ROUND);
    expect(new Set(known.map(({ fate }) => fate)).size).toBe(3);
  },
  60_000 + ROUNDS * 40_000,
);
