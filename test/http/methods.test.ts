import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawConnection, rawAnswer } from './raw.ts';
import { APP, APP_PATH, type HttpBed, openHttpBed, PLAIN_PATH } from './support.ts';

const EVERY = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

let bed: HttpBed;
beforeAll(async () => {
  bed = await openHttpBed();
});
afterAll(() => bed.close());

function asked(method: string, path: string) {
  return rawAnswer(bed, `${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`);
}

const PATHS = [
  ['/health', 'GET, HEAD, OPTIONS'],
  [APP_PATH, 'POST, OPTIONS'],
  [PLAIN_PATH, 'POST, OPTIONS'],
  [`/api/apps/${APP}/users/me`, 'GET, POST, PATCH, DELETE, HEAD, OPTIONS'],
  [`/api/apps/${APP}/things/x`, 'GET, PATCH, DELETE, HEAD, OPTIONS'],
  [`/thing-if/apps/${APP}/onboardings`, 'POST, OPTIONS'],
] as const;

describe('OPTIONS', () => {
  it.each([...PATHS, ['*', EVERY], ['/', EVERY], ['/api', EVERY], ['/api/', EVERY], ['/nothing', EVERY]] as const)(
    'of %s says what is allowed',
    async (path, allow) => {
      const bytes = await RawConnection.open(bed.http.address);
      bytes.send(`OPTIONS ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      await bytes.closed;
      const [head = ''] = bytes.reads.join('').split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
      const allowed = /^Allow: (.*)$/m.exec(head)?.[1]?.trim();
      expect(allowed?.split(', ').sort()).toEqual(allow.split(', ').sort());
    },
  );
});

describe('a method that nobody serves', () => {
  it.each(PATHS)('is refused at %s with what is allowed', async (path, allow) => {
    for (const method of ['PROPFIND', 'TRACE', 'MKCOL', 'LOCK', 'PURGE', 'LINK', 'QUERY']) {
      const answer = await asked(method, path);
      expect(answer?.startLine).toBe('HTTP/1.1 405 Method Not Allowed');
      const allowed = answer?.headerLines.find((line) => line.startsWith('Allow: '))?.slice('Allow: '.length);
      expect(allowed?.split(', ').sort()).toEqual(allow.split(', ').sort());
    }
  });

  it('is refused when it asks for a tunnel', async () => {
    for (const target of ['example.com:443', '127.0.0.1:22']) {
      const answer = await asked('CONNECT', target);
      expect(answer?.startLine).toBe('HTTP/1.1 405 Method Not Allowed');
      expect(answer?.headerLines).toContain(`Allow: ${EVERY}`);
    }
  });
});

it('HEAD is answered as GET is, without the body', async () => {
  const bytes = await RawConnection.open(bed.http.address);
  bytes.send('HEAD /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await bytes.closed;
  const [head = '', body] = bytes.reads.join('').split('\r\n\r\n');
  expect([head.split('\r\n')[0], body]).toEqual(['HTTP/1.1 200 OK', '']);
});
