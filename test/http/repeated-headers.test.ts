/** An Authorization that comes twice: something on the way may have looked at one of them, and we at another. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rawAnswer, rawPost } from './raw.ts';
import { APP, APP_PATH, type HttpBed, openHttpBed, PASSWORD, PLAIN_PATH } from './support.ts';

const BASIC = `Basic ${Buffer.from(`${APP}:x`).toString('base64')}`;
const LOGIN = JSON.stringify({ username: 'bob', password: PASSWORD });
const TWICE = [`Authorization: ${BASIC}`, 'Content-Type: application/json', `AUTHORIZATION: ${BASIC}`];

let bed: HttpBed;
beforeAll(async () => {
  bed = await openHttpBed();
});
afterAll(() => bed.close());

it.each([
  ['a login that names its app', rawPost(APP_PATH, TWICE, LOGIN), { errorCode: 'invalid_grant' }],
  ['a login that does not', rawPost(PLAIN_PATH, TWICE, LOGIN), { errorCode: 'invalid_grant' }],
  ['a resource', rawPost(`/api/apps/${APP}/users`, TWICE, '{}'), { errorCode: expect.any(String) }],
  ['Connect', rawPost('/symbolon.v1.TokenService/Issue', TWICE, '{}'), { code: 'invalid_argument' }],
])('is refused: %s', async (_, request, body) => {
  const answer = await rawAnswer(bed, request);
  expect(answer?.startLine).toContain(' 400 ');
  expect(JSON.parse(answer?.body ?? '')).toMatchObject(body);
  expect(answer?.body).toContain('Authorization came more than once');
});

it('once is enough', async () => {
  expect((await rawAnswer(bed, rawPost(PLAIN_PATH, TWICE.slice(0, 2), LOGIN)))?.startLine).toContain(' 200 ');
});
