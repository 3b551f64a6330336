import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { make, makeClient, makeTenant, makeUser } from '../../support.ts';
import {
  ADMIN,
  APP,
  APP_PATH,
  type HttpBed,
  invalidGrant,
  openHttpBed,
  PASSWORD,
  PLAIN_PATH,
  postToken,
  type TextAnswer,
} from '../support.ts';

let bed: HttpBed;

beforeAll(async () => {
  bed = await openHttpBed();
  await makeTenant(bed.store, 'app2');
  await makeUser(bed.services, 'app2', { subjectId: 'user-of-2', loginName: 'bob', password: PASSWORD });
});
afterAll(() => bed.close());

const LOGIN = { username: 'bob', password: PASSWORD };

function basic(text: string): string {
  return Buffer.from(text).toString('base64');
}

function login(path: string, headers: Record<string, string> = {}): Promise<TextAnswer> {
  return postToken(bed, LOGIN, { path, headers });
}

describe('the app', () => {
  it.each([
    ['the path alone', APP_PATH, {}],
    ['Basic', PLAIN_PATH, { authorization: `Basic ${basic(`${APP}:key`)}` }],
    ['Basic with nothing behind the colon', PLAIN_PATH, { authorization: `Basic ${basic(`${APP}:`)}` }],
    ['basic in lower case', PLAIN_PATH, { authorization: `basic ${basic(`${APP}:a:b`)}` }],
    ['BASIC in upper case', PLAIN_PATH, { authorization: `BASIC  ${basic(`${APP}:%`)}` }],
    ['X-Kii-AppID', PLAIN_PATH, { 'X-Kii-AppID': APP, 'X-Kii-AppKey': 'dummy' }],
    ['x-kii-appid', PLAIN_PATH, { 'x-kii-appid': APP }],
    ['X-Kii-Appid', PLAIN_PATH, { 'X-Kii-Appid': APP }],
    ['all three', APP_PATH, { authorization: `Basic ${basic(`${APP}:x`)}`, 'X-Kii-AppID': APP }],
    ['the path, with a Bearer token beside it', APP_PATH, { authorization: 'Bearer anything' }],
    ['a header, with a Bearer token beside it', PLAIN_PATH, { authorization: 'bearer x', 'X-Kii-AppID': APP }],
    ['the path, with an empty header beside it', APP_PATH, { 'X-Kii-AppID': '' }],
    ['the path, with a scheme that means nothing here', APP_PATH, { authorization: 'Digest username="x"' }],
  ])('is named by %s', async (_what, path, headers) => {
    const answer = await login(path, headers);
    expect([answer.status, answer.json.id]).toEqual([200, 'user-2']);
  });

  it('that is named is the one whose users are known', async () => {
    expect((await login(PLAIN_PATH, { 'X-Kii-AppID': 'app2' })).json.id).toBe('user-of-2');
    expect((await login('/api/apps/app2/oauth2/token')).json.id).toBe('user-of-2');
  });

  it.each([
    ['Basic names another than the path', APP_PATH, { authorization: `Basic ${basic('app2:x')}` }],
    ['X-Kii-AppID names another than the path', APP_PATH, { 'X-Kii-AppID': 'app2' }],
    ['X-Kii-AppID differs in case only', APP_PATH, { 'X-Kii-AppID': 'APP1' }],
    ['the two headers differ', PLAIN_PATH, { authorization: `Basic ${basic('app2:x')}`, 'X-Kii-AppID': APP }],
  ])('is refused when %s', async (_what, path, headers) => {
    const answer = await login(path, headers);
    expect([answer.status, answer.json]).toEqual([
      400,
      invalidGrant('The request names two different apps. Name one in its path and headers'),
    ]);
  });

  it.each(['Basic', 'Basic ', 'Basic !!!', `Basic ${basic('no colon')}`, `Basic ${basic(':x')}`])(
    'is refused when the credential is %j, which is no Basic one',
    async (authorization) => {
      for (const path of [APP_PATH, PLAIN_PATH]) {
        const answer = await login(path, { authorization });
        expect([answer.status, answer.json]).toEqual([
          400,
          invalidGrant('The Authorization header is not valid. Send Basic and appID:appKey in base64'),
        ]);
      }
    },
  );

  it.each([{}, { authorization: 'Bearer x' }, { 'X-Kii-AppKey': 'key' }, { 'X-Kii-AppID': '' }])(
    'has to be named: %j does not',
    async (headers) => {
      const answer = await login(PLAIN_PATH, headers);
      expect([answer.status, answer.json]).toEqual([
        401,
        {
          errorCode: 'UNAUTHORIZED',
          error_description: 'The request does not name an app. Send Authorization: Basic or X-Kii-AppID',
          error: 'invalid_client',
        },
      ]);
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="symbolon"');
    },
  );
});

const NOT_FOUND = {
  errorCode: 'APP_NOT_FOUND',
  error_description: 'The app was not found. Check the appID',
  error: 'invalid_client',
};

describe('an app that is none', () => {
  it.each(['nothing', 'APP1', 'app1%00', '%00', 'app1%2Fx', '..', '__proto__', 'a'.repeat(1_000), 'é', "'", '%25'])(
    'is answered APP_NOT_FOUND in the path: %s',
    async (name) => {
      const answer = await login(`/api/apps/${name === '..' ? '%2e%2e%2e' : name}/oauth2/token`);
      expect([answer.status, answer.json]).toEqual([404, NOT_FOUND]);
    },
  );

  it.each(['nothing', 'app1, app1', 'a'.repeat(1_000)])('is answered so in a header: %s', async (name) => {
    const answer = await login(PLAIN_PATH, { 'X-Kii-AppID': name });
    expect([answer.status, answer.json]).toEqual([404, NOT_FOUND]);
  });

  it('is a confidential client, even with its secret', async () => {
    const asPath = await login(`/api/apps/${ADMIN}/oauth2/token`);
    const asBasic = await login(PLAIN_PATH, { authorization: `Basic ${basic(`${ADMIN}:${bed.adminSecret}`)}` });
    expect([asPath.status, asPath.json]).toEqual([404, NOT_FOUND]);
    expect([asBasic.status, asBasic.json]).toEqual([404, NOT_FOUND]);
  });

  it('is a confidential client whose id could be an app’s', async () => {
    const secret = await makeClient(bed.store, APP, 'looks-like-an-app', ['admin']);
    const answer = await login(PLAIN_PATH, { authorization: `Basic ${basic(`looks-like-an-app:${secret}`)}` });
    expect([answer.status, answer.json]).toEqual([404, NOT_FOUND]);
  });

  it('is a public client that is not the tenant’s own', async () => {
    await make(bed.store, {
      kind: 'create_client',
      client: { clientId: 'spa', tenantId: APP, displayName: '', confidential: false, roles: [], scopes: [] },
    });
    const answer = await login('/api/apps/spa/oauth2/token');
    expect([answer.status, answer.json]).toEqual([404, NOT_FOUND]);
  });
});

const DISABLED = { errorCode: 'APP_DISABLED', error_description: 'The app is disabled', error: 'invalid_client' };

describe('an app that is disabled', () => {
  it.each(['tenant', 'client'] as const)('(its %s) is answered APP_DISABLED until it is enabled', async (kind) => {
    const id = `off-${kind}`;
    await makeTenant(bed.store, id);
    await makeUser(bed.services, id, { subjectId: `user-${id}`, loginName: 'bob', password: PASSWORD });
    const target = { kind, id };
    await make(bed.store, { kind: 'cut_off', tenantId: id, target, cause: 'disabled' });
    const answer = await login(`/api/apps/${id}/oauth2/token`);
    expect([answer.status, answer.json]).toEqual([403, DISABLED]);
    await make(bed.store, { kind: 'enable', tenantId: id, target });
    expect((await login(`/api/apps/${id}/oauth2/token`)).status).toBe(200);
  });
});
