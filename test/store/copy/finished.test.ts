/** A copy that was finished, and whose end nobody heard of: run again, it says that it is finished. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyStore } from '../../../src/store/copy/copy.ts';
import type { Place } from '../../../src/store/copy/end.ts';
import { CopyBed, countsOf, type PostgresPlace, rowsOf } from './bed.ts';
import { SMALL } from './interrupting.ts';

let bed: CopyBed;
let counts: Record<string, number>;

beforeAll(async () => {
  bed = await CopyBed.open();
  counts = countsOf(rowsOf(bed.full));
});
afterAll(() => bed[Symbol.asyncDispose]());

async function ends(kind: string): Promise<readonly [Place, Place]> {
  const other = await bed.newDatabase();
  await copyStore(bed.full, other);
  return kind === 'postgres' ? [bed.full, await bed.newDatabase()] : [other, bed.newDirectory()];
}

describe.each(['postgres', 'sqlite'])('a finished copy into %s', (kind) => {
  it('is verified again and changed in nothing', async () => {
    const [from, to] = await ends(kind);
    await copyStore(from, to, SMALL);
    for (let i = 0; i < 2; i++) {
      expect(await copyStore(from, to, SMALL)).toEqual({ resumed: true, wasFinished: true, rows: counts });
    }
    await (await bed.openStore(to)).close();
  });

  it.each([
    ['the target', 'UPDATE tenant SET revision = revision + 1'],
    ['the target', 'DELETE FROM audit'],
    ['the source', 'UPDATE tenant SET revision = revision + 1'],
  ])('is somebody’s store when %s was changed since by %s', async (which, sql) => {
    const [from, to] = kind === 'postgres' ? [bed.newDirectory(), await bed.newDatabase()] : await ends(kind);
    if (kind === 'postgres') {
      await copyStore(bed.full, from);
    }
    await copyStore(from, to);
    await bed.alter(which === 'the target' ? to : from, sql);
    await expect(copyStore(from, to)).rejects.toThrow('is not empty: its table tenant has rows');
  });
});

describe('the last commit on PostgreSQL', () => {
  it.each([
    ['whose answer is lost is found to be done', true],
    ['that does not arrive is done by the next run', false],
  ])('%s', async (_, arrives) => {
    const target = await bed.newDatabase();
    const cut = await cutAtTheLastCommit(target, arrives);
    await expect(copyStore(bed.full, cut.place)).rejects.toThrow(/failed: .*run it again/);
    expect(cut.wasCut()).toBe(true);
    expect(await copyStore(bed.full, target)).toEqual({ resumed: true, wasFinished: arrives, rows: counts });
    await (await bed.openStore(target)).close();
    cut.server.close();
  });
});

interface Cut {
  readonly place: PostgresPlace;
  readonly server: Server;
  readonly wasCut: () => boolean;
}

/** A way to a database that breaks at the commit after the mark was taken away: once the server has the commit, or before. */
async function cutAtTheLastCommit(place: PostgresPlace, arrives: boolean): Promise<Cut> {
  const url = new URL(place.url);
  const port = Number(url.port);
  let wasCut = false;
  const server = createServer((client: Socket) => {
    const upstream = connect(port, url.hostname);
    let isEnding = false;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    client.on('data', (chunk) => {
      isEnding ||= chunk.includes('DROP TABLE copy_progress');
      const isLast = isEnding && chunk.includes('COMMIT');
      wasCut ||= isLast;
      if (isLast && !arrives) {
        end();
        return;
      }
      upstream.write(chunk);
      if (isLast) {
        upstream.removeAllListeners('data').once('data', end);
      }
    });
    upstream.on('data', (chunk) => void client.write(chunk));
    for (const socket of [client, upstream]) {
      socket.on('error', end).on('close', end);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url.port = String((server.address() as { port: number }).port);
  return { place: { kind: 'postgres', url: url.href }, server, wasCut: () => wasCut };
}
