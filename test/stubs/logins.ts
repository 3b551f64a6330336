/** A server that generated clients log in at, and what they must see. */
import { expect } from 'vitest';
import { DOMAIN } from '../../gen/ts/symbolon/domain.ts';
import { DirectoryClient } from '../cli/directory.ts';
import { basic } from '../process/grpc-client.ts';
import { type dataDirectory, ServerProcess } from '../process/server-process.ts';

export interface Logins extends AsyncDisposable {
  /** Address, tenant, the password, and the login names of one user without and one with a second factor, and of nobody. */
  readonly args: readonly string[];
  /** What a program prints about them. */
  readonly expected: readonly object[];
}

const PASSWORD = 'correct horse';

export async function serveLogins(directory: ReturnType<typeof dataDirectory>): Promise<Logins> {
  const server = await ServerProcess.startDemo({ dataDir: directory.path });
  const { admin, tenant_id } = server.demo;
  using client = new DirectoryClient(server.grpcAddress, basic(admin.client_id, admin.client_secret));
  try {
    await client.registerUser({ loginName: 'plain', password: PASSWORD });
    const careful = await client.registerUser({ loginName: 'careful', password: PASSWORD });
    await client.turnOnSecondFactor(careful.userId);
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return {
    args: [server.grpcAddress, tenant_id, PASSWORD, 'plain', 'careful', 'nobody'],
    expected: [
      { result: 'tokens', kind: 'TOKEN_KIND_USER' },
      { result: 'mfa_challenge', mfa_token: expect.any(Number) },
      { error: expect.stringMatching(/^FAILED_?PRECONDITION$/i), reason: 'INVALID_CREDENTIALS', domain: DOMAIN },
    ],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The objects that a program printed, one in each line. */
export function printed(output: string): object[] {
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
}
