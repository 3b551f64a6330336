/** How a client proves itself at the token endpoint (RFC 6749 sections 2.3.1 and 5.2). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMemoryTestBed } from '../../support.ts';
import { basic, inBody, type OAuthBed, openOAuthBed, post, TOKEN } from './bed.ts';

let bed: OAuthBed;

beforeAll(async () => {
  bed = await openOAuthBed({ open: openMemoryTestBed });
});

afterAll(() => bed.close());

const GRANT = { grant_type: 'client_credentials' };

function header(pair: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

describe('a client', () => {
  it('proves itself by Basic', async () => {
    const { status, json } = await post(bed, TOKEN, GRANT, basic(bed, 'app'));
    expect([status, json.token_type]).toEqual([200, 'Bearer']);
  });

  it('may form-encode both halves of Basic', async () => {
    await bed.makeClient('dotted.app');
    const secret = bed.secrets.get('dotted.app') ?? '';
    const { status } = await post(bed, TOKEN, GRANT, header(`dotted%2Eapp:${secret.replace('_', '%5F')}`));
    expect(status).toBe(200);
  });

  it('proves itself in the body', async () => {
    expect((await post(bed, TOKEN, { ...GRANT, ...inBody(bed, 'app') })).status).toBe(200);
  });

  it('may repeat its id beside Basic', async () => {
    expect((await post(bed, TOKEN, { ...GRANT, client_id: 'app' }, basic(bed, 'app'))).status).toBe(200);
  });

  it('must not use both ways in one request', async () => {
    const { status, json } = await post(bed, TOKEN, { ...GRANT, ...inBody(bed, 'app') }, basic(bed, 'app'));
    expect([status, json.error]).toEqual([400, 'invalid_request']);
    expect(json.error_description).toContain('once');
  });

  it('must not name another client beside Basic', async () => {
    const { status, json } = await post(bed, TOKEN, { ...GRANT, client_id: 'gate' }, basic(bed, 'app'));
    expect([status, json.error]).toEqual([400, 'invalid_request']);
  });

  it('without a secret names itself by client_id alone', async () => {
    const { json } = await post(bed, TOKEN, { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'page' });
    expect(json.error).toBe('invalid_grant');
  });
});

describe('who is not a client', () => {
  const REFUSED: Record<string, () => [Record<string, string>, Record<string, string>?]> = {
    'a wrong secret by Basic': () => [GRANT, header('app:sys_wrong')],
    'no secret by Basic': () => [GRANT, header('app:')],
    'an unknown client by Basic': () => [GRANT, header('nobody:x')],
    'Basic that is not base64': () => [GRANT, { authorization: 'Basic %%%' }],
    'Basic without a colon': () => [GRANT, header('app')],
    'a client of another tenant by Basic': () => [GRANT, basic(bed, 'stranger')],
    'another scheme': () => [GRANT, { authorization: 'Bearer x' }],
    'a wrong secret in the body': () => [{ ...GRANT, client_id: 'app', client_secret: 'wrong' }],
    'a confidential client that only names itself': () => [{ ...GRANT, client_id: 'app' }],
    'an unknown client in the body': () => [{ ...GRANT, client_id: 'nobody', client_secret: 'x' }],
    'a client of another tenant in the body': () => [{ ...GRANT, ...inBody(bed, 'stranger') }],
    'nobody at all': () => [GRANT],
    'a secret without an id': () => [{ ...GRANT, client_secret: 'x' }],
    'an id that is too long': () => [{ ...GRANT, client_id: 'x'.repeat(10_000), client_secret: 'x' }],
    'an id with controls': () => [{ ...GRANT, client_id: 'app\r\nx', client_secret: 'x' }],
  };

  it.each(Object.keys(REFUSED))('is answered 401 invalid_client: %s', async (name) => {
    const [form, headers = {}] = REFUSED[name]?.() ?? [{}];
    const answer = await post(bed, TOKEN, form, headers);
    expect([answer.status, answer.json.error]).toEqual([401, 'invalid_client']);
    expect(Object.keys(answer.json)).toEqual(['error', 'error_description']);
    // RFC 6749 section 5.2: who used the header is challenged by its scheme, and a browser is not asked for a secret.
    const challenge = answer.headers.get('www-authenticate');
    expect(challenge).toBe(headers.authorization === undefined ? null : 'Basic realm="symbolon", charset="UTF-8"');
  });

  it('learns first that there is no such tenant', async () => {
    for (const tenant of ['nothing', 'UPPER', 'a%2Fb', '%00', 'x'.repeat(100)]) {
      for (const headers of [{}, basic(bed, 'app'), header('a:b')]) {
        const { status, json } = await post(bed, `/t/${tenant}/oauth2/token`, GRANT, headers);
        expect([status, json.error], tenant).toEqual([404, 'invalid_request']);
      }
    }
  });
});

it('leaves no secret in the log', async () => {
  await post(bed, TOKEN, { ...GRANT, client_id: 'app', client_secret: 'planted-in-the-body' });
  await post(bed, TOKEN, GRANT, header('app:planted-in-basic'));
  await post(bed, TOKEN, { ...GRANT, ...inBody(bed, 'app') });
  expect(bed.tape.text).toContain('oauth2.token');
  expect(bed.tape.text).not.toMatch(/planted-in|sys_/);
});
