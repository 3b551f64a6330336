/** What decides about logins over REST says who did it and to whom, as over gRPC. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, type HttpBed, type LogLine, openHttpBed, PASSWORD } from '../support.ts';
import { rest, type Sent, userToken } from './rest.ts';

let bed: HttpBed;
beforeAll(async () => {
  bed = await openHttpBed({ policy: { refreshEnabled: true } });
});
afterAll(() => bed.close());

async function lineOf(method: string, path: string, sent: Sent): Promise<LogLine> {
  const before = bed.tape.lines.length;
  await rest(bed, method, path, sent);
  await eventually(() => bed.tape.lines.length).toBe(before + 1);
  return bed.tape.lines.at(-1) ?? {};
}

it('a user who changes its password, and its tokens that ended by it', async () => {
  const token = await userToken(bed, 'bob');
  await eventually(() => bed.tape.lines.length).toBe(1);
  const [login] = bed.tape.lines;
  const change = (oldPassword: string, newPassword: string) => ({
    token,
    type: 'ChangePasswordRequest',
    body: { oldPassword, newPassword },
  });
  const common = { door: 'http', tenant: 'app1', subject: 'user-2' };
  const wrong = await lineOf('PUT', 'users/me/password', change('wrong-one', 'another one'));
  expect(wrong).toMatchObject({ ...common, credential: 'user_password' });
  expect(wrong.code).not.toBe('ok');
  const changed = await lineOf('PUT', 'users/me/password', change(PASSWORD, 'another one'));
  const by = { by: 'user-2', byToken: login?.token };
  expect(changed).toMatchObject({ ...common, ...by, code: 'ok', event: 'change_password', hashMs: expect.any(Number) });
  const dead = await lineOf('GET', 'users/me', { token });
  const presented = { credential: 'access_token', token: login?.token, family: login?.family };
  expect(dead).toMatchObject({ ...presented, code: 'caller_unauthenticated' });
});
