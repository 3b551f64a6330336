import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawConnection, rawAnswer, rawPost } from '../raw.ts';
import { APP, APP_PATH, type HttpBed, invalidGrant, openHttpBed, PASSWORD, PLAIN_PATH, postToken } from '../support.ts';

let bed: HttpBed;

beforeAll(async () => {
  bed = await openHttpBed();
});
afterAll(() => bed.close());

const JSON_BODY = JSON.stringify({ username: 'bob', password: PASSWORD });
const FORM_BODY = 'username=bob&password=correct+horse';

describe('a body', () => {
  it.each([
    ['application/vnd.kii.OauthTokenRequest+json', JSON_BODY],
    ['application/vnd.kii.oauthtokenrequest+json', JSON_BODY],
    ['APPLICATION/VND.KII.OAUTHTOKENREQUEST+JSON; charset=UTF-8', JSON_BODY],
    ['application/json', JSON_BODY],
    ['Application/JSON;charset=utf-8', JSON_BODY],
    ['application/json ; charset="UTF-8"; odd', JSON_BODY],
    ['application/x-www-form-urlencoded', FORM_BODY],
    ['application/X-WWW-Form-URLEncoded; charset=UTF-8', FORM_BODY],
  ])('of type %s is read at both paths', async (type, body) => {
    for (const path of [APP_PATH, PLAIN_PATH]) {
      const answer = await postToken(bed, body, { path, headers: { 'content-type': type, 'x-kii-appid': APP } });
      expect([answer.status, answer.json.id]).toEqual([200, 'user-2']);
    }
  });

  it.each([JSON_BODY, ` \r\n\t${JSON_BODY}\n`, `\uFEFF${JSON_BODY}`, FORM_BODY])(
    'without a type is read as what it is: %j',
    async (body) => {
      const answer = await rawAnswer(bed, rawPost(APP_PATH, [], body));
      expect(answer?.startLine).toBe('HTTP/1.1 200 OK');
    },
  );

  it.each([
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'json',
    '*/*',
    ';',
  ])('of type %s is refused', async (type) => {
    const answer = await postToken(bed, JSON_BODY, { headers: { 'content-type': type } });
    expect([answer.status, answer.json]).toEqual([
      400,
      invalidGrant('The Content-Type is not supported. Send application/json'),
    ]);
  });

  it.each(['application/json', 'application/x-www-form-urlencoded'])('of type %s may not be empty', async (type) => {
    const answer = await postToken(bed, '', { headers: { 'content-type': type } });
    expect([answer.status, answer.json]).toEqual([400, invalidGrant('The request has no body. Send one')]);
  });

  it('has to be there', async () => {
    const answer = await rawAnswer(bed, `POST ${APP_PATH} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(answer?.startLine).toBe('HTTP/1.1 400 Bad Request');
    expect(JSON.parse(answer?.body ?? '')).toEqual(invalidGrant('The request has no body. Send one'));
  });

  it.each([
    ['{', 'The body is not valid JSON'],
    ['{"username":"bob",}', 'The body is not valid JSON'],
    ["{'username':'bob'}", 'The body is not valid JSON'],
    ['{"username":"a\nb"}', 'The body is not valid JSON'],
    ['{"username":"a\0b"}', 'The body is not valid JSON'],
    ['\0', 'The body is not valid JSON'],
    ['NaN', 'The body is not valid JSON'],
    [`${JSON_BODY}${JSON_BODY}`, 'The body is not valid JSON'],
    ['null', 'The body is not a JSON object'],
    ['[]', 'The body is not a JSON object'],
    [`[${JSON_BODY}]`, 'The body is not a JSON object'],
    ['"username"', 'The body is not a JSON object'],
    ['1e999', 'The body is not a JSON object'],
    ['['.repeat(60_000), 'The body is not valid JSON'],
    [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'The body is not a JSON object'],
  ])('that is no JSON object is refused: %s', async (body, description) => {
    const answer = await postToken(bed, body);
    expect([answer.status, answer.json]).toEqual([400, invalidGrant(description)]);
  });

  it('that is nested as deep as it can be is read', async () => {
    const depth = 30_000;
    const body = `{"x":${'['.repeat(depth)}${']'.repeat(depth)},${JSON_BODY.slice(1)}`;
    expect((await postToken(bed, body)).status).toBe(200);
  });

  it.each(['application/json', 'application/x-www-form-urlencoded'])('of type %s has to be UTF-8', async (type) => {
    const prefix = type === 'application/json' ? '{"username":"' : 'username=';
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
      const body = new Uint8Array([...Buffer.from(prefix), ...bytes]);
      const answer = await postToken(bed, body, { headers: { 'content-type': type } });
      expect([answer.status, answer.json]).toEqual([400, invalidGrant('The body is not valid UTF-8')]);
    }
  });

  it('that is compressed is refused, for nothing here expands it', async () => {
    const body = new Uint8Array(gzipSync(JSON_BODY));
    const answer = await postToken(bed, body, { headers: { 'content-encoding': 'gzip' } });
    expect(answer.status).toBe(400);
  });
});

describe('a form', () => {
  function postForm(body: string) {
    return postToken(bed, body, { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  }

  it.each([
    'username=bob&password=correct%20horse',
    'username=%62%6F%62&password=correct+horse',
    '&&username=bob&&password=correct+horse&',
    'username=bob&password=correct+horse&empty=&flag&=&=x',
    'grant_type=&refresh_token=&client_id=&username=bob&password=correct+horse',
    'username[]=x&username[0]=y&username=bob&password=correct+horse',
    'grant_type=password&username=bob&password=correct+horse&expiresAt=1893456001000',
  ])('is read: %s', async (body) => {
    const answer = await postForm(body);
    expect([answer.status, answer.json.id]).toEqual([200, 'user-2']);
  });

  it('keeps equals signs and other letters of a value', async () => {
    const answer = await postForm('username=bob&password=a=b=c&username2=x');
    expect(answer.json).toMatchObject({ error_description: expect.stringContaining('wrong password') });
  });

  it.each(['username=%', 'username=%zz', 'username=%F', '%E0%A4%A=x', 'username=%FF', 'password=%C0%80'])(
    'with a broken escape is refused: %s',
    async (body) => {
      const answer = await postForm(body);
      expect([answer.status, answer.json]).toEqual([
        400,
        invalidGrant('The body is not valid as a form. Check its percent escapes'),
      ]);
    },
  );

  it.each([
    `username=bob&username=bob&password=correct+horse`,
    `username=bob&password=correct+horse&password=x`,
    `username=bob&password=correct+horse&%75sername=alice`,
  ])('in which a field is repeated is refused: %s', async (body) => {
    const answer = await postForm(body);
    expect([answer.status, answer.json]).toEqual([
      400,
      invalidGrant('The form has a field twice. Send each field once'),
    ]);
  });

  it('with NUL in a name is refused in words', async () => {
    const answer = await postForm('username=bo%00b&password=correct+horse');
    expect(answer.json).toEqual(invalidGrant('username must not have a NUL character'));
  });
});

describe('a long body', () => {
  const LIMIT = 64 * 1_024;

  function padded(length: number): string {
    const bare = JSON.stringify({ username: 'bob', password: PASSWORD, pad: '' });
    return bare.replace('"pad":""', `"pad":"${'x'.repeat(length - bare.length)}"`);
  }

  it('of 64 KiB is read', async () => {
    expect((await postToken(bed, padded(LIMIT))).status).toBe(200);
  });

  it.each([LIMIT + 1, 40 * LIMIT])(
    'of %d bytes is refused in the three keys, and the connection lives for the next request',
    async (length) => {
      const connection = await RawConnection.open(bed.http.address);
      connection.send(rawPost(APP_PATH, [], padded(length)));
      const refused = await connection.answer();
      expect(refused?.startLine).toBe('HTTP/1.1 413 Payload Too Large');
      expect(JSON.parse(refused?.body ?? '')).toEqual({
        errorCode: 'REQUEST_TOO_LARGE',
        error_description: 'The body is longer than 64 KiB. Send a shorter one',
        error: 'invalid_request',
      });
      connection.send(rawPost(APP_PATH, [], JSON_BODY));
      expect((await connection.answer())?.startLine).toBe('HTTP/1.1 200 OK');
      connection.socket.destroy();
    },
  );

  it('is refused too when its length is not told ahead', async () => {
    const chunk = `${LIMIT.toString(16)}\r\n${'x'.repeat(LIMIT)}\r\n1\r\nx\r\n0\r\n\r\n`;
    const head = `POST ${APP_PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await rawAnswer(bed, head + chunk);
    expect(answer?.startLine).toBe('HTTP/1.1 413 Payload Too Large');
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ errorCode: 'REQUEST_TOO_LARGE' });
  });
});
