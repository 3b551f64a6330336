/** The servers' key is replaced as an operator does it, between two servers: what becomes of the tokens that the first one made. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { Workspace } from '../cli/workspace.ts';
import { failureOf, TokenClient } from './grpc-client.ts';
import { ServerProcess } from './server-process.ts';

const REFUSED = { status: 'FAILED_PRECONDITION', reason: 'INVALID_REFRESH_TOKEN' };

/** A login that was refreshed twice: the first pair is neither the current one nor the one whose refresh can be repeated. */
interface Login {
  readonly old: IssuedTokens;
  readonly current: IssuedTokens;
}

async function logIn(client: TokenClient, demo: DemoRecord): Promise<Login> {
  const old = await client.issueToClient(demo.admin);
  const between = await client.refresh(old.refreshToken);
  return { old, current: await client.refresh(between.refreshToken) };
}

type Runs = (previous: string) => readonly (readonly string[])[];

/** A server on another key than the one that made the logins. */
class Replaced implements AsyncDisposable {
  readonly #workspace = new Workspace();
  #server: ServerProcess | undefined;
  logins: readonly Login[] = [];

  /** `runsOf`: the arguments of each `key replace`, when the key before has been moved to a file. */
  static async by(runsOf: Runs): Promise<Replaced> {
    const replaced = new Replaced();
    try {
      await replaced.#replace(runsOf);
      return replaced;
    } catch (error) {
      await replaced[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #replace(runsOf: Runs): Promise<void> {
    const { path } = this.#workspace;
    {
      await using before = await ServerProcess.startDemo({ dataDir: path });
      using client = TokenClient.admin(before.demo);
      this.logins = [
        await logIn(client, before.demo),
        await logIn(client, before.demo),
        await logIn(client, before.demo),
      ];
      await before.running.end('SIGTERM');
    }
    const previous = join(path, 'previous.key');
    renameSync(join(path, 'symbolon.key'), previous);
    for (const args of runsOf(previous)) {
      await this.#workspace.text(['key', 'replace', ...args]);
    }
    this.#server = await ServerProcess.startDemo({ dataDir: path });
  }

  get demo(): DemoRecord {
    return (this.#server as ServerProcess).demo;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.kill();
    this.#workspace[Symbol.dispose]();
  }
}

/** What was live when the first server ended is live, and can be refreshed and revoked. */
async function expectLive(client: TokenClient, { current }: Login): Promise<IssuedTokens> {
  expect(await client.isActive(current.accessToken)).toBe(true);
  const next = await client.refresh(current.refreshToken);
  expect(next.familyId).toBe(current.familyId);
  expect(await client.isActive(next.accessToken)).toBe(true);
  expect(await client.isActive(current.accessToken)).toBe(false);
  return next;
}

/** An old refresh token that comes back ends its login. */
async function expectCaught(client: TokenClient, { old, current }: Login): Promise<void> {
  expect(await client.isActive(current.accessToken)).toBe(true);
  expect(await failureOf(client.refresh(old.refreshToken))).toMatchObject(REFUSED);
  expect(await client.isActive(current.accessToken)).toBe(false);
  expect(await failureOf(client.refresh(current.refreshToken))).toMatchObject(REFUSED);
}

describe.each([
  ['is lost', () => [[]]],
  ['leaked', () => [['--leaked']]],
  ['leaked, and is at hand', (previous) => [['--leaked', '--previous', previous]]],
] satisfies [string, Runs][])('when the key %s', (_what, runsOf) => {
  it('live tokens live on, and old ones prove nothing until the next refresh', async () => {
    await using replaced = await Replaced.by(runsOf);
    const { demo } = replaced;
    using client = TokenClient.admin(demo);
    const [one, two, three] = replaced.logins as [Login, Login, Login];

    // An old refresh token is refused, and ends nothing.
    expect(await failureOf(client.refresh(one.old.refreshToken))).toMatchObject(REFUSED);
    const next = await expectLive(client, one);
    // From the refresh on theft is seen again, of what was made since.
    const after = await client.refresh(next.refreshToken);
    await expectCaught(client, { old: next, current: await client.refresh(after.refreshToken) });

    // "Revoked" would be untrue of what may be any text.
    for (const token of [two.old.accessToken, two.old.refreshToken]) {
      const failed = await failureOf(client.revokeToken(token));
      expect(failed).toMatchObject({ status: 'FAILED_PRECONDITION', reason: 'TOKEN_UNPROVEN' });
      expect(failed.message).toContain('Name its login by family_id');
    }
    expect(await client.isActive(two.current.accessToken)).toBe(true);
    await client.revoke({ $case: 'familyId', value: two.old.familyId });
    expect(await client.isActive(two.current.accessToken)).toBe(false);
    await client.revokeToken(three.current.refreshToken);
    expect(await client.isActive(three.current.accessToken)).toBe(false);
  });
});

describe.each([
  ['is at hand', (previous) => [['--previous', previous]]],
  ['is at hand, and the command is repeated', (previous) => [['--previous', previous], ['--previous', previous], []]],
] satisfies [string, Runs][])('when the key %s', (_what, runsOf) => {
  it('live tokens live on, theft is caught as before, and old tokens revoke their login', async () => {
    await using replaced = await Replaced.by(runsOf);
    using client = TokenClient.admin(replaced.demo);
    const [one, two, three] = replaced.logins as [Login, Login, Login];
    await expectLive(client, one);
    await expectCaught(client, two);
    await client.revokeToken(three.old.refreshToken);
    expect(await client.isActive(three.current.accessToken)).toBe(false);
  });
});
