import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { callerOf, makeClient, makeTenant } from '../../support.ts';
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
  WRONG_LOGIN,
} from '../support.ts';

let bed: HttpBed;
let introspectSecret: string;

beforeAll(async () => {
  bed = await openHttpBed();
  introspectSecret = await makeClient(bed.store, APP, 'cl_api', ['introspect']);
});
afterAll(() => bed.close());

/** What another service is told of a token: a token issued through one door works through all. */
async function described(token: unknown): Promise<Record<string, unknown>> {
  const caller = await callerOf(bed.services, 'cl_api', introspectSecret);
  return { ...(await introspect(bed.services, { caller }, { token: String(token) })) };
}

const FORMS = [
  {
    name: 'a user by password',
    body: { username: 'bob', password: PASSWORD },
    grantType: 'password',
    id: 'user-2',
    kind: 'USER',
  },
  {
    name: 'a thing by its vendor’s id',
    body: { username: 'VENDOR_THING_ID:Sensor-1', password: PASSWORD },
    grantType: 'password',
    id: 'th.1',
    kind: 'DEVICE',
  },
  {
    name: 'the admin by client id and secret',
    body: () => ({ client_id: ADMIN, client_secret: bed.adminSecret }),
    grantType: 'client_credentials',
    id: ADMIN,
    kind: 'ADMIN',
  },
  {
    name: 'nobody by the app’s own id and any key',
    body: { client_id: APP, client_secret: 'dummy' },
    grantType: 'client_credentials',
    id: APP,
    kind: 'ANONYMOUS',
  },
] as const;

describe.each(FORMS)('a token for $name', ({ body, grantType, id, kind }) => {
  const fields = () => (typeof body === 'function' ? body() : body);

  it.each([APP_PATH, PLAIN_PATH])('is given at %s, with grant_type and without', async (path) => {
    for (const asked of [fields(), { grant_type: grantType, ...fields() }]) {
      const answer = await postToken(bed, asked, { path, headers: { 'x-kii-appid': APP } });
      expect(answer.status).toBe(200);
      expect(answer.json).toEqual({
        id,
        access_token: expect.stringMatching(/^[A-Za-z0-9_-]{1,120}$/),
        expires_in: 2_147_483_647,
        token_type: 'Bearer',
      });
    }
  });

  it('is given for the same fields as a form', async () => {
    const form = new URLSearchParams({ ...fields(), grant_type: grantType }).toString();
    const answer = await postToken(bed, form, { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(answer.json).toMatchObject({ id });
  });

  it('is a live token of its kind for every other service', async () => {
    const { json } = await postToken(bed, fields());
    expect(await described(json.access_token)).toMatchObject({ active: true, kind, subjectId: id, tenantId: APP });
  });
});

describe('the credentials', () => {
  it('of a thing open nothing as a user’s, nor a user’s as a thing’s', async () => {
    const wrong = [
      { username: 'Sensor-1', password: PASSWORD },
      { username: 'VENDOR_THING_ID:bob', password: PASSWORD },
      { username: 'VENDOR_THING_ID:sensor-1', password: PASSWORD },
      { username: 'vendor_thing_id:Sensor-1', password: PASSWORD },
    ];
    for (const body of wrong) {
      const answer = await postToken(bed, body);
      expect([answer.status, answer.json]).toEqual([400, WRONG_LOGIN]);
    }
  });

  it('of an admin are refused with 400 when the secret or the id is wrong', async () => {
    for (const body of [
      { client_id: ADMIN, client_secret: 'wrong' },
      { client_id: 'cl_nobody', client_secret: bed.adminSecret },
    ]) {
      const answer = await postToken(bed, body);
      expect([answer.status, answer.json]).toEqual([400, WRONG_LOGIN]);
    }
  });

  it('of a client of another app are unknown', async () => {
    await makeTenant(bed.store, 'app-other');
    const other = await makeClient(bed.store, 'app-other', 'cl_other', ['admin']);
    const answer = await postToken(bed, { client_id: 'cl_other', client_secret: other });
    expect([answer.status, answer.json]).toEqual([400, WRONG_LOGIN]);
  });
});

describe('the grant type', () => {
  it.each(['MFA', 'authorization_code', 'urn:ietf:params:oauth:grant-type:device_code', 'PASSWORD', '', '\0'])(
    '%j is unsupported',
    async (grantType) => {
      const answer = await postToken(bed, { grant_type: grantType, username: 'bob', password: PASSWORD });
      expect([answer.status, answer.json]).toEqual([
        400,
        {
          errorCode: 'unsupported_grant_type',
          error_description: 'grant_type must be password, client_credentials, refresh_token or mfa',
          error: 'unsupported_grant_type',
        },
      ]);
    },
  );

  it('is unsupported when a client’s id and secret come with a code, and never an admin’s', async () => {
    const answer = await postToken(bed, { client_id: ADMIN, client_secret: bed.adminSecret, code: 'c' });
    expect(answer.json).toMatchObject({ error: 'unsupported_grant_type' });
  });

  it('decides which fields are read when it is there', async () => {
    const both = { username: 'bob', password: PASSWORD, client_id: ADMIN, client_secret: bed.adminSecret };
    const byUser = await postToken(bed, { ...both, grant_type: 'password' });
    const byClient = await postToken(bed, { ...both, grant_type: 'client_credentials' });
    expect([byUser.json.id, byClient.json.id]).toEqual(['user-2', ADMIN]);
  });

  it('is a user’s password where client fields come besides and nothing says otherwise', async () => {
    const answer = await postToken(bed, { username: 'bob', password: PASSWORD, client_id: APP, client_secret: 'x' });
    expect(answer.json).toMatchObject({ id: 'user-2' });
  });
});

describe('the fields', () => {
  it.each([
    [{}, 'The request must have username, client_id or refresh_token'],
    [{ username: null, password: null }, 'The request must have username, client_id or refresh_token'],
    [{ username: 'bob' }, 'password is missing'],
    [{ username: 'bob', password: '' }, 'password is missing'],
    [{ username: 'bob', password: null }, 'password is missing'],
    [{ password: PASSWORD }, 'username is missing'],
    [{ username: '', password: PASSWORD }, 'username is missing'],
    [{ username: 'VENDOR_THING_ID:', password: PASSWORD }, 'vendor_id is missing'],
    [{ client_id: ADMIN }, 'client_secret is missing'],
    [{ client_secret: 'x' }, 'client_id is missing'],
    [{ grant_type: 'refresh_token' }, 'refresh_token is missing'],
    [{ username: 1, password: PASSWORD }, 'username must be a string'],
    [{ username: 'bob', password: { a: 1 } }, 'password must be a string'],
    [{ username: ['bob'], password: PASSWORD }, 'username must be a string'],
    [{ client_id: true, client_secret: 'x' }, 'client_id must be a string'],
    [{ client_id: APP, client_secret: 7 }, 'client_secret must be a string'],
    [{ grant_type: 1 }, 'grant_type must be a string'],
    [{ refresh_token: {} }, 'refresh_token must be a string'],
    [{ username: 'bo\0b', password: PASSWORD }, 'username must not have a NUL character'],
    [{ username: 'bob', password: 'a\0' }, 'password must not have a NUL character'],
    [{ username: 'b'.repeat(255), password: PASSWORD }, 'username must be at most 254 characters'],
    [{ username: 'bob', password: 'p'.repeat(10_000) }, 'password must be at most 1024 bytes'],
    [{ username: 'bob', password: 'é'.repeat(1_000) }, 'password must be at most 1024 bytes'],
  ])('of %j are refused: %s', async (body, description) => {
    const before = bed.services.passwords.verifications;
    const answer = await postToken(bed, body);
    expect([answer.status, answer.json]).toEqual([400, invalidGrant(description)]);
    expect(bed.services.passwords.verifications).toBe(before);
  });

  it('are refused when a text holds half a surrogate pair, which would be stored as another text', async () => {
    const answer = await postToken(bed, '{"username":"bob","password":"a\\ud800"}');
    expect(answer.json).toEqual(invalidGrant('password is not valid Unicode'));
  });

  it('that nobody knows are ignored, whatever they hold, as are those that are null', async () => {
    const body = {
      username: 'bob',
      password: PASSWORD,
      grant_type: null,
      expiresAt: null,
      refresh_token: null,
      client_id: null,
      scope: ['x'],
      expires_at: 'soon',
      nested: { username: 1 },
      '\0': 1,
    };
    expect((await postToken(bed, body)).status).toBe(200);
  });

  it('that bear names of JavaScript’s own objects change nothing', async () => {
    const own =
      '"__proto__":{"username":"bob"},"constructor":{"prototype":{"password":"x"}},"toString":1,"hasOwnProperty":null';
    const login = await postToken(bed, `{${own},"username":"bob","password":"${PASSWORD}"}`);
    expect(login.status).toBe(200);
    const none = await postToken(bed, `{${own}}`);
    expect(none.json).toEqual(invalidGrant('The request must have username, client_id or refresh_token'));
    const form = `__proto__=a&constructor=b&toString=c&username=bob&password=${encodeURIComponent(PASSWORD)}`;
    const asForm = await postToken(bed, form, { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(asForm.status).toBe(200);
  });
});
