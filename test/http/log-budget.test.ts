import { afterAll, beforeAll, expect, it } from 'vitest';
import { RawConnection } from './raw.ts';
import { eventually, type HttpBed, openHttpBed } from './support.ts';

let bed: HttpBed;
beforeAll(async () => {
  bed = await openHttpBed();
});
afterAll(() => bed.close());

/** Of those who don't log in. */
const MOST_A_SECOND = 25;

/** How many lines the log says that it has left out. */
function leftOut(): number {
  const told = bed.tape.lines.filter(({ msg }) => msg === 'lines about strangers were left out');
  return told.flatMap((line) => Object.values(line.leftOut as Record<string, number>)).reduce((a, b) => a + b, 0);
}

it('a stranger does not make the server write a line for each request', async () => {
  const connection = await RawConnection.open(bed.http.address);
  const count = 3_000;
  const before = performance.now();
  let answered = 0;
  for (let sent = 0; sent < count; sent += 50) {
    connection.send('GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50));
    for (let each = 0; each < 50; each++) {
      answered += (await connection.answer()) === undefined ? 0 : 1;
    }
  }
  connection.socket.destroy();
  expect(answered).toBe(count);
  // Enough to see what goes on: every second has some, and tells how many there were.
  await eventually(() => bed.tape.lines.length).toBeGreaterThan(0);
  const lines = bed.tape.lines.filter(({ msg }) => msg === 'call');
  expect(lines[0]).toMatchObject({ method: 'unmatched', code: 'route_not_found' });
  const seconds = (performance.now() - before) / 1_000;
  // Two seconds are begun and not whole.
  expect(lines.length).toBeLessThanOrEqual(MOST_A_SECOND * (seconds + 2));
  await eventually(leftOut).toBe(count - lines.length);
});
