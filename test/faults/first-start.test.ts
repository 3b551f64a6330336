/** The whole program, from its first start on: whatever a power loss leaves, the next start serves, and knows what was answered. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TokenClient } from '../process/grpc-client.ts';
import { ServerProcess } from '../process/server-process.ts';
import { SEED } from './crashes.ts';
import { type JournalRecord, Marker, readJournal } from './journal.ts';
import { CAN_WATCH, WatchedDisk, watched } from './library.ts';
import { Disk, randomOf } from './replay.ts';

/** Moments of the first start, and of what comes after it. */
const CRASHES = [6, 3] as const;
const LOGINS = 24;
const AT_ONCE = 4;
const SECRET = 'the secret of the demo’s admin';

/** Marks of each access token what the server said of it. */
async function use(server: ServerProcess, marker: Marker): Promise<void> {
  using client = TokenClient.admin(server.demo);
  const { login_name, password } = server.demo.user;
  const logIn = async (): Promise<void> => {
    const { accessToken, refreshToken } = await client.logIn(login_name, password);
    marker.mark(accessToken, 'active');
    marker.mark(accessToken, null);
    if (Math.random() < 0.5) {
      const next = await client.refresh(refreshToken);
      marker.mark(next.accessToken, 'active');
    } else {
      await client.revokeToken(accessToken);
    }
    marker.mark(accessToken, 'inactive');
  };
  for (let n = 0; n < LOGINS; n += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, logIn));
  }
}

/** What the program says on the disk that is left, where it was marked otherwise. */
async function contradictions(model: Disk, random: () => number): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'symbolon-image-'));
  try {
    model.crash(root, random);
    await using server = await ServerProcess.startDemo({ dataDir: join(root, 'data') });
    using client = TokenClient.admin(server.demo);
    const found: string[] = [];
    for (const [key, value] of model.known) {
      const actual = key === SECRET ? server.demo.admin.client_secret : await activityOf(client, key);
      if (value !== null && actual !== value) {
        found.push(`${key}: marked ${value}, found ${actual}`);
      }
    }
    return found;
  } catch (error) {
    return [`it does not start: ${error}`];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function activityOf(client: TokenClient, token: string): Promise<string> {
  return (await client.isActive(token)) ? 'active' : 'inactive';
}

it.skipIf(!CAN_WATCH)(
  watched('a server whose power is lost during its first start, or later, starts again and knows what it answered'),
  async () => {
    using disk = new WatchedDisk();
    await using server = await ServerProcess.startDemo({ dataDir: disk.dataDir, env: disk.env });
    using marker = new Marker(disk.journal);
    marker.mark(SECRET, server.demo.admin.client_secret);
    await use(server, marker);
    await server.kill();

    const records = readJournal(disk.journal);
    const ready = records.findIndex(({ kind }) => kind === 'mark');
    const random = randomOf(SEED);
    const within = (begin: number, end: number) => begin + Math.floor(random() * (end + 1 - begin));
    const moments = [
      ...Array.from({ length: CRASHES[0] }, () => within(0, ready)),
      ...Array.from({ length: CRASHES[1] }, () => within(ready, records.length)),
    ].sort((a, b) => a - b);
    const model = new Disk();
    let done = 0;
    for (const moment of moments) {
      for (; done < moment; done++) {
        model.apply(records[done] as JournalRecord);
      }
      const found = await contradictions(model, random);
      expect(found, `CRASH_SEED=${SEED}, after record ${moment} of ${records.length}`).toEqual([]);
    }
  },
  360_000,
);
