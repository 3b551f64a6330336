/**
 * Claims: 100,000 users are registered as fast at the end as at the start, and the list's last page is as fast as its first. Passwords
 * are hashed as cheaply as argon2 can, so that the directory is measured and not argon2.
 */
import { credentials, Metadata } from '@grpc/grpc-js';
import {
  ListUsersRequest,
  type ListUsersResponse,
  RegisterUserRequest,
  type RegisterUserResponse,
  UserServiceClient,
} from '../gen/ts/symbolon/v1/user_service.ts';
import { PostgresServer } from '../test/postgres.ts';
import { median, startSymbolon } from './processes.ts';
import { basic } from './tokens.ts';

const USERS = 100_000;
const BATCH = 10_000;
const AT_ONCE = 64;
const PAGE_SIZE = 1_000;
const ROUNDS = 100;
const CHEAP = ['--argon2-memory-kib', '8', '--argon2-passes', '1'];

export async function benchDirectory(): Promise<void> {
  await measure('sqlite', 'sqlite');
  await using server = await PostgresServer.start(undefined, ['shared_buffers=512MB']);
  await measure('postgres', server.urlOf(await server.createDatabase()));
}

async function measure(name: string, store: string): Promise<void> {
  const symbolon = await startSymbolon(undefined, store, CHEAP);
  const client = new UserServiceClient(symbolon.address, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', basic(symbolon.demo.admin));
  console.log(`${USERS} users on ${name}, ${AT_ONCE} registrations under way:`);
  const rates: number[] = [];
  for (let first = 0; first < USERS; first += BATCH) {
    const begin = performance.now();
    await registerAll(client, metadata, first);
    rates.push(BATCH / ((performance.now() - begin) / 1_000));
  }
  console.log(`  users/s by each ${BATCH}: ${rates.map((rate) => Math.round(rate)).join(' ')}`);
  console.log(`  last ${BATCH} against the second: ratio ${((rates.at(-1) ?? 0) / (rates[1] ?? 1)).toFixed(3)}`);
  await measurePages(client, metadata);
  client.close();
  await symbolon.stop();
}

async function registerAll(client: UserServiceClient, metadata: Metadata, first: number): Promise<void> {
  let next = first;
  const lane = async () => {
    while (next < first + BATCH) {
      const request = { loginName: `user-${next++}`, password: 'password' };
      await new Promise<RegisterUserResponse>((resolve, reject) => {
        client.registerUser(RegisterUserRequest.create(request), metadata, (error, response) =>
          error === null ? resolve(response) : reject(error),
        );
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function measurePages(client: UserServiceClient, metadata: Metadata): Promise<void> {
  const list = (pageToken: string) =>
    new Promise<ListUsersResponse>((resolve, reject) => {
      const request = ListUsersRequest.create({ pageSize: PAGE_SIZE, pageToken });
      client.listUsers(request, metadata, (error, response) => (error === null ? resolve(response) : reject(error)));
    });
  const tokens: string[] = [''];
  let users = 0;
  for (let token: string | undefined = ''; token !== undefined; ) {
    const page: ListUsersResponse = await list(token);
    users += page.users.length;
    token = page.nextPageToken === '' ? undefined : page.nextPageToken;
    if (token !== undefined) {
      tokens.push(token);
    }
  }
  // The last page may be short; the one before it is as long as the first.
  const [firstToken, lastToken] = [tokens[0] ?? '', tokens.at(-2) ?? ''];
  const times = { first: [] as number[], last: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, token] of [
      ['first', firstToken],
      ['last', lastToken],
    ] as const) {
      const begin = performance.now();
      await list(token);
      times[name].push(performance.now() - begin);
    }
  }
  const [first, last] = [median(times.first), median(times.last)];
  console.log(
    `  ${users} users in ${tokens.length} pages of ${PAGE_SIZE}; median of ${ROUNDS} in turn: first ${first.toFixed(2)} ms, ` +
      `last full ${last.toFixed(2)} ms, ratio ${(last / first).toFixed(3)}\n`,
  );
}
