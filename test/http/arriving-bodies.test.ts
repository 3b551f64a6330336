import { afterAll, beforeAll, expect, it } from 'vitest';
import { RawConnection, rawPost } from './raw.ts';
import { APP_PATH, eventually, type HttpBed, openHttpBed, PASSWORD, postToken } from './support.ts';

const LOGIN = rawPost(APP_PATH, [], JSON.stringify({ username: 'bob', password: PASSWORD }));
/** Of one peer. */
const MAX_ARRIVING = 128;

let bed: HttpBed;
beforeAll(async () => {
  bed = await openHttpBed();
});
afterAll(() => bed.close());

it('of bodies on their way there are only so many: the oldest gives way, and others are served', async () => {
  const slow: RawConnection[] = [];
  for (let count = 0; count < MAX_ARRIVING + 3; count++) {
    const connection = await RawConnection.open(bed.http.address);
    connection.send(LOGIN.slice(0, -1));
    slow.push(connection);
  }
  await eventually(() => slow.filter(({ socket }) => socket.closed).length).toBe(3);
  for (const connection of slow.slice(0, 3)) {
    expect((await connection.answer())?.startLine).toBe('HTTP/1.1 429 Too Many Requests');
  }
  expect((await postToken(bed, { username: 'bob', password: PASSWORD })).status).toBe(200);
  // A login that was on its way too gave way to none that came before it.
  slow.at(-1)?.send('}');
  expect((await slow.at(-1)?.answer())?.startLine).toBe('HTTP/1.1 200 OK');
  for (const { socket } of slow) {
    socket.destroy();
  }
});
