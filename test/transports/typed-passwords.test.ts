/** A password is the same however a keyboard writes it, at every door. */
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONNECT_DIALECTS } from '../../src/http/connect/dialect.ts';
import { KII_DIALECTS } from '../../src/http/kii/dialect.ts';
import { HttpServer } from '../../src/http/server.ts';
import { type DirectoryBed, openDirectoryBed } from '../grpc/methods/bed.ts';
import { connectTransport, grpcTransport, kiiTransport, type Transport } from './transports.ts';

let bed: DirectoryBed;
let http: HttpServer;
let doors: readonly Transport[];
let made = 0;

/** A name that nobody has. */
function newName(): string {
  made += 1;
  return `name-${made}`;
}

beforeAll(async () => {
  bed = await openDirectoryBed();
  const log = pino({ level: 'silent' });
  const dialects = [...CONNECT_DIALECTS, ...KII_DIALECTS];
  http = await HttpServer.start({ services: bed.services, log, dialects, address: '127.0.0.1:0' });
  doors = [grpcTransport(bed), kiiTransport(http), connectTransport(http, 'Connect with JSON')];
});

afterAll(async () => {
  await http.drain(1_000);
  await bed.close();
});

/** é as one code point and as two; ガ and 각 likewise; a space as phones and Macs write it. */
const SPELLINGS = [
  ['p\u00e9p\u00e9', 'pe\u0301pe\u0301'],
  ['\u30ac\u30ac\u30ac\u30ac', '\u30ab\u3099\u30ab\u3099\u30ab\u3099\u30ab\u3099'],
  ['\uac01\uac01\uac01\uac01', '\u1100\u1161\u11a8'.repeat(4)],
  ['one two', 'one\u00a0two'],
  ['one two', 'one\u3000two'],
  // Two marks in the other order.
  ['a\u0323\u0307bcd', 'a\u0307\u0323bcd'],
] as const;

describe.each(SPELLINGS)('a password set as %j', (one, other) => {
  it.each([
    [one, other],
    [other, one],
  ])('(%j) is %j too', async (set, typed) => {
    const { user } = await bed.call('registerUser', { loginName: newName(), password: set });
    const { device } = await bed.call('registerDevice', { vendorId: newName(), password: set });
    for (const door of doors) {
      expect(await door.loginUser(user?.loginName ?? '', typed)).toMatchObject({ subjectId: user?.userId });
      expect(await door.loginDevice(device?.vendorId ?? '', typed)).toMatchObject({ subjectId: device?.deviceId });
    }
  });

  it('is changed by it, and another password is not', async () => {
    const { user } = await bed.call('registerUser', { loginName: newName(), password: one });
    const named = { user: { $case: 'userId', value: user?.userId ?? '' } } as const;
    await bed.call('changeUserPassword', { user: named, oldPassword: other, newPassword: `${other}!` });
    const [grpc, kii] = doors;
    expect(await grpc?.loginUser(user?.loginName ?? '', `${one}!`)).toMatchObject({ subjectId: user?.userId });
    expect(await kii?.loginUser(user?.loginName ?? '', one)).toMatchObject({ message: expect.any(String) });
  });
});

it('compatibility forms and letters of another case are other passwords', async () => {
  const { user } = await bed.call('registerUser', { loginName: 'strict', password: 'Passw\u00f6rd' });
  for (const typed of ['passw\u00f6rd', '\uff30assw\u00f6rd', 'Passw\u00f6rd ', 'Password']) {
    expect(await doors[0]?.loginUser(user?.loginName ?? '', typed)).toHaveProperty('message');
  }
});
