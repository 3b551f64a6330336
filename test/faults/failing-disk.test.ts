/** A server whose disk fails: what it says of its health, what it logs, and what ends it. */
import { describe, expect, it } from 'vitest';
import { failureOf, HealthClient, TokenClient, WRITE_HEALTH } from '../process/grpc-client.ts';
import { eventually, runProgram } from '../process/program.ts';
import { getHealth } from '../process/rest-client.ts';
import { FREE_PORTS, ServerProcess } from '../process/server-process.ts';
import { CAN_WATCH, WatchedDisk, watched } from './library.ts';

const TIMEOUT_MS = 180_000;

interface LogLine {
  readonly msg: string;
  readonly what?: string;
  readonly code?: string;
  readonly detail?: string;
}

function logOf({ running }: ServerProcess): LogLine[] {
  return running.stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);
}

/** What both surfaces say: whether the server serves, and whether it can write. */
async function healthOf({ demo }: ServerProcess, health: HealthClient) {
  const { status, json } = await getHealth(demo.http);
  return {
    grpc: await health.check(''),
    write: await health.check(WRITE_HEALTH),
    http: [status, json.status, json.store],
  };
}

const WELL = { grpc: 'SERVING', write: 'SERVING', http: [200, 'SERVING', { writable: true }] };

async function untilHealthIs(expected: object, server: ServerProcess, health: HealthClient, meanwhile: () => unknown) {
  await eventually(`health to be ${JSON.stringify(expected)}`, async () => {
    await meanwhile();
    return JSON.stringify(await healthOf(server, health)) === JSON.stringify(expected);
  });
}

describe('a disk that does not take what is moved into the database file', () => {
  it.skipIf(!CAN_WATCH)(
    watched('makes health of writes say so, and one line of log, while every call is answered; nothing is lost'),
    async () => {
      using disk = new WatchedDisk();
      await using server = await ServerProcess.startDemo({ dataDir: disk.dataDir, env: disk.env });
      using client = TokenClient.admin(server.demo);
      using health = new HealthClient(server.demo.grpc);
      const issue = () => client.issueToClient(server.demo.admin);
      const before = await issue();
      {
        using _fault = disk.begin('fail-sync-db');
        const failing = { grpc: 'SERVING', write: 'NOT_SERVING', http: [200, 'SERVING', { writable: false }] };
        await untilHealthIs(failing, server, health, issue);
        await client.revokeToken(before.accessToken);
        expect(await client.isActive(before.accessToken)).toBe(false);
        expect(server.running.hasEnded).toBe(false);
      }
      await untilHealthIs(WELL, server, health, issue);
      const lines = logOf(server).filter(({ msg }) => msg === 'the store failed');
      expect(lines).toHaveLength(1);
      const back = logOf(server).filter(({ msg }) => msg === 'the store is back');
      expect(back).toMatchObject([{ what: 'writes', awayMs: expect.any(Number), writable: true }]);
      expect(lines[0]?.detail).toMatch(/^what is committed can't be moved from the WAL .* SQLITE_IOERR_FSYNC/);
      expect(await client.isActive(before.accessToken)).toBe(false);
    },
    TIMEOUT_MS,
  );
});

describe('a disk that can’t be read', () => {
  it.skipIf(!CAN_WATCH)(
    watched('takes the server out of service on both surfaces, for as long as it lasts'),
    async () => {
      using disk = new WatchedDisk();
      await using server = await ServerProcess.startDemo({ dataDir: disk.dataDir, env: disk.env });
      using client = TokenClient.admin(server.demo);
      using health = new HealthClient(server.demo.grpc);
      const { accessToken } = await client.issueToClient(server.demo.admin);
      const told = health.watch('symbolon.v1.TokenService');
      await eventually('the watch to begin', () => told.length === 1);
      const out = { grpc: 'NOT_SERVING', write: 'NOT_SERVING', http: [503, 'NOT_SERVING'] };
      {
        using _fault = disk.begin('fail-read');
        await eventually('both to say so', async () => {
          const { grpc, write, http } = await healthOf(server, health);
          return JSON.stringify({ grpc, write, http: http.slice(0, 2) }) === JSON.stringify(out);
        });
        expect(await failureOf(client.introspect(accessToken))).toMatchObject({ status: 'UNAVAILABLE' });
      }
      await untilHealthIs(WELL, server, health, () => undefined);
      expect(await client.isActive(accessToken)).toBe(true);
      // Each part by itself: writes may have failed too, and may be back before them. The thread that tells may be the last that sees it.
      const back = () =>
        logOf(server).filter(({ msg, what }) => msg === 'the store is back' && /^reads/.test(String(what)));
      await eventually('the log to tell it', () => back().length > 0);
      expect(back()).toMatchObject([{ awayMs: expect.any(Number) }]);
      const statuses = told.filter((each) => each !== 'ended');
      expect(statuses.filter((each, i) => each !== statuses[i - 1])).toEqual(['SERVING', 'NOT_SERVING', 'SERVING']);
    },
    TIMEOUT_MS,
  );
});

describe('a sync of the WAL that fails', () => {
  it.skipIf(!CAN_WATCH)(
    watched('ends the process, whose callers are told nothing that is not known; none starts while it fails'),
    async () => {
      using disk = new WatchedDisk();
      await using server = await ServerProcess.startDemo({ dataDir: disk.dataDir, env: disk.env });
      using client = TokenClient.admin(server.demo);
      const known = await Promise.all(Array.from({ length: 10 }, () => client.issueToClient(server.demo.admin)));
      {
        using _fault = disk.begin('fail-sync-wal');
        const revoking = known.map(({ accessToken }) => client.revokeToken(accessToken));
        for (const each of await Promise.allSettled(revoking)) {
          expect(each).toMatchObject({ status: 'rejected', reason: { status: 'UNAVAILABLE' } });
        }
        expect(await server.running.ended).toEqual({ code: 1, signal: null });
        expect(logOf(server).map(({ msg }) => msg)).toContainEqual(
          expect.stringMatching('^an fsync failed; the process ends'),
        );

        const args = ['serve', '--demo', '--data-dir', disk.dataDir, ...FREE_PORTS];
        const refused = await runProgram(args, { env: disk.env });
        expect(refused).toMatchObject({ code: 5, stdout: '' });
        expect(refused.stderr).toMatch(
          /^error: can't open the store in .*: what the last process left in its WAL can’t be brought to the disk: EIO/,
        );
      }
      await using restarted = await ServerProcess.startDemo({ dataDir: disk.dataDir, env: disk.env });
      using again = TokenClient.admin(restarted.demo);
      for (const { accessToken } of known) {
        // Its outcome was unknown. What was not synced was taken off the WAL, so that it did not take place; to repeat it settles it.
        expect(await again.isActive(accessToken)).toBe(true);
        await again.revokeToken(accessToken);
        expect(await again.isActive(accessToken)).toBe(false);
      }
    },
    TIMEOUT_MS,
  );
});
