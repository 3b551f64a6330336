/** `--tail`: every record that the filter lets through, once and in its order, whatever comes between two looks. */
import { expect, it } from 'vitest';
import type { AuditRecord } from '../../gen/ts/symbolon/v1/audit_service.ts';
import { type Ask, follow } from '../../src/cli/following.ts';

/** A log whose records of one actor are few, read as a server reads it: a page may be empty, and more may follow. */
function logOf(actors: string[]) {
  const asked: number[] = [];
  const ask: Ask = async ({ afterSequence = 0, actorId = '', newest = 0, pageToken = '' }) => {
    const from = pageToken === '' ? afterSequence : Number(pageToken);
    const all = actors.map((actor, at) => ({ sequence: at + 1, actor: { id: actor } })) as unknown as AuditRecord[];
    const matching = all.filter(({ actor }) => actorId === '' || actor?.id === actorId);
    if (newest > 0) {
      return { records: matching.slice(-newest), nextPageToken: '' };
    }
    const read = all.filter(({ sequence }) => sequence > from).slice(0, 3);
    asked.push(from);
    const last = read.at(-1)?.sequence ?? from;
    // Somebody writes while it is read.
    actors.push('other');
    return {
      records: read.filter((record) => matching.includes(record)),
      nextPageToken: last < all.length ? String(last) : '',
    };
  };
  return { ask, asked };
}

async function followed(actors: string[], actorId: string, after: number, rounds: number) {
  const { ask, asked } = logOf(actors);
  const seen: number[] = [];
  let left = rounds;
  await follow({
    open: (work) => work(ask),
    filter: { afterSequence: after, actorId },
    print: (records) => {
      seen.push(...records.map(({ sequence }) => sequence));
      return true;
    },
    pause: async () => {
      actors.push('me', 'other');
      left -= 1;
      return left > 0;
    },
  });
  return { seen, asked };
}

it('begins with the newest ten, and goes on with each that comes', async () => {
  const { seen } = await followed(
    Array.from({ length: 15 }, () => 'me'),
    '',
    0,
    4,
  );
  expect(seen).toEqual(Array.from({ length: seen.length }, (_, at) => at + 6));
  expect(seen.length).toBeGreaterThan(14);
});

it('misses and repeats none of those that a filter lets through', async () => {
  const actors = ['me', 'other', 'other', 'other', 'other', 'me'];
  const { seen, asked } = await followed(actors, 'me', 1, 5);
  const wanted = actors.flatMap((actor, at) => (actor === 'me' && at > 0 ? [at + 1] : []));
  expect(seen).toEqual(wanted.slice(0, seen.length));
  expect(seen.length).toBeGreaterThanOrEqual(4);
  // What was left out is not read again.
  expect(asked.filter((from) => from === 1)).toHaveLength(1);
});

it('ends when nobody reads', async () => {
  const { ask } = logOf(['me']);
  await follow({
    open: (work) => work(ask),
    filter: { afterSequence: 0 },
    print: () => false,
    pause: async () => {
      throw new Error('it went on');
    },
  });
});
