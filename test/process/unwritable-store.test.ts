/** A store that can't be written: every write is refused as what it is, every read is answered, and nothing acknowledged is lost. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { CAN_FAIL_EXT4, CAN_MOUNT, failingDisk, fill, HAS_PRLIMIT, limitFileSize, smallDisk } from './disk.ts';
import { CallFailed, failureOf, HealthClient, TokenClient, WRITE_HEALTH } from './grpc-client.ts';
import { eventually } from './program.ts';
import { getHealth, postLogin, type RestAnswer } from './rest-client.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';

const MIB = 1_048_576;

/** How a write is refused. */
interface Refused {
  readonly status: string;
  readonly reason: string;
}

const UNAVAILABLE: Refused = { status: 'UNAVAILABLE', reason: 'STORE_UNAVAILABLE' };
const FULL: Refused = { status: 'RESOURCE_EXHAUSTED', reason: 'STORE_FULL' };

/** A server, its callers, and what it acknowledged while all was well. */
class Bench implements Disposable {
  readonly demo: DemoRecord;
  readonly client: TokenClient;
  readonly health: HealthClient;
  readonly kept: IssuedTokens;
  readonly revoked: IssuedTokens;
  /** Its answer may still be asked for again, for it was not used yet. */
  readonly refreshed: { readonly before: IssuedTokens; readonly after: IssuedTokens };
  /** The last pair that was answered of a lineage that is refreshed as long as it goes. */
  chain: IssuedTokens;
  readonly toRevoke: IssuedTokens[] = [];
  readonly revokedLater: IssuedTokens[] = [];
  readonly issuedLater: IssuedTokens[] = [];

  static async on({ demo }: ServerProcess): Promise<Bench> {
    const client = TokenClient.admin(demo);
    const issue = () => client.issueToClient(demo.admin);
    const [kept, revoked, before, chain] = await Promise.all([issue(), issue(), issue(), issue()]);
    await client.revokeToken(revoked.accessToken);
    const refreshed = { before, after: await client.refresh(before.refreshToken) };
    const bench = new Bench(demo, client, { kept, revoked, refreshed, chain });
    bench.toRevoke.push(...(await Promise.all(Array.from({ length: 20 }, issue))));
    return bench;
  }

  private constructor(
    demo: DemoRecord,
    client: TokenClient,
    made: Pick<Bench, 'kept' | 'revoked' | 'refreshed' | 'chain'>,
  ) {
    this.demo = demo;
    this.client = client;
    this.health = new HealthClient(demo.grpc);
    this.kept = made.kept;
    this.revoked = made.revoked;
    this.refreshed = made.refreshed;
    this.chain = made.chain;
  }

  async issue(): Promise<void> {
    this.issuedLater.push(await this.client.issueToClient(this.demo.admin));
  }

  async refresh(): Promise<void> {
    this.chain = await this.client.refresh(this.chain.refreshToken);
  }

  /** A token leaves the list only when it is known to be revoked. */
  async revoke(): Promise<void> {
    const [next] = this.toRevoke;
    if (next === undefined) {
      throw new Error('every token was revoked and no call was refused');
    }
    await this.client.revokeToken(next.accessToken);
    this.toRevoke.shift();
    this.revokedLater.push(next);
  }

  isWritable(): Promise<boolean> {
    return this.health.check(WRITE_HEALTH).then((status) => status === 'SERVING');
  }

  [Symbol.dispose](): void {
    this.client[Symbol.dispose]();
    this.health[Symbol.dispose]();
  }
}

/**
 * A full disk has room for some writes yet. They are acknowledged, and the first that is not is what is answered here; Issue uses
 * up the room, for it can be called without an end.
 */
function untilRefused(bench: Bench, write: () => Promise<void>): Promise<CallFailed> {
  return eventually('a write to be refused', async () => {
    while ((await failureIn(() => bench.issue())) === undefined) {}
    return failureIn(write);
  });
}

async function failureIn(write: () => Promise<void>): Promise<CallFailed | undefined> {
  const failure = await write().catch((error: unknown) => error);
  if (failure === undefined || failure instanceof CallFailed) {
    return failure;
  }
  throw failure;
}

async function expectWritesRefused(bench: Bench, refused: Refused): Promise<void> {
  for (const write of [() => bench.issue(), () => bench.refresh(), () => bench.revoke()]) {
    expect(await untilRefused(bench, write)).toMatchObject({ ...refused, retryDelay: { seconds: 1 } });
  }
  const { login_name, password } = bench.demo.user;
  const answer = await eventually<RestAnswer>('a login to be refused', async () => {
    const each = await postLogin(bench.demo, login_name, password);
    return each.status !== 200 && each;
  });
  expect(answer).toEqual({
    status: 503,
    json: {
      errorCode: 'SERVICE_UNAVAILABLE',
      error_description: expect.stringMatching(/^The store.*is not available$|disk is full$/),
      error: 'temporarily_unavailable',
    },
  });
}

/** The server itself goes on, and tells those who only ask that it does. */
async function expectReadsAnswered(bench: Bench): Promise<void> {
  const { client, health, demo } = bench;
  expect(await client.introspect(bench.kept.accessToken)).toMatchObject({ active: true, tokenId: bench.kept.tokenId });
  expect(await client.isActive(bench.revoked.accessToken)).toBe(false);
  expect(await client.isActive(bench.refreshed.before.accessToken)).toBe(false);
  // Wants to confirm that the refresh's answer arrived, which fails now and must not be noticed.
  expect(await client.isActive(bench.refreshed.after.accessToken)).toBe(true);
  expect(await health.check('')).toBe('SERVING');
  expect(await health.check('symbolon.v1.TokenService')).toBe('SERVING');
  await eventually('health to say so', async () => {
    await untilRefused(bench, () => bench.issue());
    return !(await bench.isWritable());
  });
  await eventually('GET /health to say so', async () => {
    await untilRefused(bench, () => bench.issue());
    const { status, json } = await getHealth(demo.http);
    expect({ status, serving: json.status }).toEqual({ status: 200, serving: 'SERVING' });
    return JSON.stringify(json.store) === '{"writable":false}';
  });
}

async function expectAllKept(bench: Bench, client: TokenClient): Promise<void> {
  const live = [bench.kept, bench.refreshed.after, bench.chain, ...bench.issuedLater];
  const dead = [bench.revoked, bench.refreshed.before, ...bench.revokedLater];
  for (const { accessToken } of live) {
    expect(await client.isActive(accessToken)).toBe(true);
  }
  for (const { accessToken } of dead) {
    expect(await client.isActive(accessToken)).toBe(false);
  }
}

/** Each call that was refused succeeds when it is made again. */
async function expectWritesAnswered(bench: Bench): Promise<void> {
  const { chain } = bench;
  await bench.issue();
  await bench.refresh();
  expect(await bench.client.isActive(chain.accessToken)).toBe(false);
  await bench.revoke();
}

describe('a disk whose writes fail', () => {
  const title = 'refuses writes as UNAVAILABLE, answers reads, and is written again when the disk is mended';
  it.skipIf(!HAS_PRLIMIT)(HAS_PRLIMIT ? title : `${title} (skipped: there is no prlimit here)`, async () => {
    using directory = dataDirectory();
    await using server = await ServerProcess.startDemo({ dataDir: directory.path });
    using bench = await Bench.on(server);
    {
      using _limit = limitFileSize(server.pid, 1);
      // Nobody writes; the server finds out by itself.
      await eventually('health to say so', async () => !(await bench.isWritable()));
      await expectWritesRefused(bench, UNAVAILABLE);
      await expectReadsAnswered(bench);
      // A guess that can't be counted is not answered either.
      const { login_name } = bench.demo.user;
      expect(await failureOf(bench.client.logIn(login_name, 'wrong'))).toMatchObject(UNAVAILABLE);
    }
    await eventually('the server to recover by itself', () => bench.isWritable());
    const told = server.running.stderr.split('\n').filter((line) => line.includes('"msg":"the store is back"'));
    expect(told.map((line) => (JSON.parse(line) as { what: string }).what)).toEqual(['writes']);
    await expectWritesAnswered(bench);
    expect(await getHealth(bench.demo.http)).toMatchObject({ status: 200, json: { store: { writable: true } } });
    await expectAllKept(bench, bench.client);
    await server.kill();
    await using restarted = await ServerProcess.startDemo({ dataDir: directory.path });
    using client = TokenClient.admin(restarted.demo);
    await expectAllKept(bench, client);
  });
});

describe('a full disk', () => {
  const title = 'refuses writes as RESOURCE_EXHAUSTED, answers reads, and is written again when there is room';
  it.skipIf(!CAN_MOUNT)(CAN_MOUNT ? title : `${title} (skipped: needs root and mount)`, async () => {
    using directory = dataDirectory();
    using disk = smallDisk(directory.path, 4 * MIB);
    await using server = await ServerProcess.startDemo({ dataDir: disk.path });
    using bench = await Bench.on(server);
    {
      using _filler = fill(disk);
      await expectWritesRefused(bench, FULL);
      await expectReadsAnswered(bench);
      // STORE_FULL promises that nothing was written.
      await untilRefused(bench, () => bench.revoke());
      const [unrevoked] = bench.toRevoke;
      expect(await bench.client.isActive(unrevoked?.accessToken ?? '')).toBe(true);
      await untilRefused(bench, () => bench.refresh());
      expect(await bench.client.isActive(bench.chain.accessToken)).toBe(true);
    }
    await eventually('the server to recover by itself', () => bench.isWritable());
    await expectWritesAnswered(bench);
    await expectAllKept(bench, bench.client);
    await server.kill();
    await using restarted = await ServerProcess.startDemo({ dataDir: disk.path });
    using client = TokenClient.admin(restarted.demo);
    await expectAllKept(bench, client);
  });
});

describe('a disk that turned read-only', () => {
  const title = 'refuses writes, answers reads, stops when told to, and has lost nothing when it is mounted again';
  it.skipIf(!CAN_FAIL_EXT4)(
    CAN_FAIL_EXT4 ? title : `${title} (skipped: needs root, mount, loop devices and mkfs.ext4)`,
    async () => {
      using directory = dataDirectory();
      const image = join(directory.root, 'image');
      const mountPoint = join(directory.root, 'disk');
      const dataDir = join(mountPoint, 'data');
      let bench: Bench;
      {
        using disk = failingDisk(image, mountPoint);
        await using server = await ServerProcess.startDemo({ dataDir });
        bench = await Bench.on(server);
        disk.turnReadOnly();
        await eventually('health to say so', async () => !(await bench.isWritable()));
        await expectWritesRefused(bench, UNAVAILABLE);
        await expectReadsAnswered(bench);
        expect(await server.running.end('SIGTERM')).toEqual({ code: 0, signal: null });
        bench[Symbol.dispose]();
      }
      using _disk = failingDisk(image, mountPoint);
      await using restarted = await ServerProcess.startDemo({ dataDir });
      using client = TokenClient.admin(restarted.demo);
      await expectAllKept(bench, client);
    },
  );
});
