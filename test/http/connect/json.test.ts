/** The JSON form: what is refused in it, and that nothing is changed on its way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD } from '../../grpc/client.ts';
import { send } from '../support.ts';
import { basicHeader, type ConnectBed, methodNamed, openConnectBed } from './doors.ts';

let bed: ConnectBed;

beforeAll(async () => {
  bed = await openConnectBed();
});

afterAll(() => bed.close());

function post(name: string, body: string | Uint8Array<ArrayBuffer>) {
  return send(`${bed.url}/${methodNamed(name).parent.typeName}/${name}`, {
    method: 'POST',
    headers: { ...basicHeader('acme'), 'content-type': 'application/json; charset=utf-8' },
    body,
  });
}

let made = 0;

/** Answers the text of the user's attributes, and its access token. */
async function register(attributes: string): Promise<{ text: string; accessToken: string }> {
  made += 1;
  const answer = await post(
    'RegisterUser',
    `{"loginName":"json-${made}","password":"${PASSWORD}","attributes":${attributes},"withToken":{}}`,
  );
  expect(answer.status, answer.text).toBe(200);
  const { tokens } = answer.json as { tokens: { accessToken: string } };
  return { text: answer.text, accessToken: tokens.accessToken };
}

const DEEP = `${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}`.slice(0, 190_000);

const REFUSED: [string, string, string | Uint8Array<ArrayBuffer>, string][] = [
  ['no body', 'Issue', '', 'The body is not valid JSON'],
  ['half a text', 'Issue', '{"userPassword"', 'The body is not valid JSON'],
  ['bytes that are not UTF-8', 'Issue', new Uint8Array([0x22, 0xff, 0x22]), 'The body is not valid JSON'],
  ['an array', 'Issue', '[]', 'IssueRequest must be a JSON object'],
  ['null', 'Issue', 'null', 'IssueRequest must be a JSON object'],
  ['an unknown field', 'Issue', '{"userName":"ann"}', 'IssueRequest has no field userName'],
  ['an unknown field within', 'Issue', '{"userPassword":{"user":"ann"}}', 'UserPassword has no field user'],
  ['a field with an odd name', 'Issue', '{"hunter2 ":1}', 'IssueRequest has a field that is unknown'],
  ['a text for an object', 'Issue', '{"userPassword":"hunter2"}', 'UserPassword must be a JSON object'],
  ['a number for a text', 'Refresh', '{"refreshToken":5}', 'RefreshRequest.refresh_token: expected string'],
  [
    'a text for a boolean',
    'RegisterUser',
    '{"emailVerified":"hunter2"}',
    'RegisterUserRequest.email_verified: expected boolean',
  ],
  ['a list for a text', 'Refresh', '{"refreshToken":["hunter2"]}', 'RefreshRequest.refresh_token: expected string'],
  ['null in a list', 'Issue', '{"scopes":[null]}', 'IssueRequest.scopes: list item must not be null'],
  ['what is not a time', 'Issue', '{"expireTime":"hunter2"}', 'google.protobuf.Timestamp: invalid RFC 3339 string'],
  ['an unknown value of an enum', 'RequestPasswordReset', '{"channel":"hunter2"}', 'MessageChannel has no such value'],
  ['both of a oneof', 'GetUser', '{"user":{"userId":"a","email":"hunter2"}}', 'UserRef.user: oneof set multiple times'],
  [
    'two spellings of a field',
    'Refresh',
    '{"refreshToken":"a","refresh_token":"b"}',
    'RefreshRequest.refresh_token: set multiple times',
  ],
  [
    'a name twice',
    'Refresh',
    '{"refreshToken":"a","refreshToken":"b"}',
    'The body has a name twice in one object. Send it once',
  ],
  [
    'half of a surrogate pair',
    'Refresh',
    '{"refreshToken":"\\ud800"}',
    'The body has half of a surrogate pair. Send valid Unicode',
  ],
  [
    'what are not attributes',
    'RegisterUser',
    '{"attributes":[1]}',
    'google.protobuf.Struct: the value has a wrong form',
  ],
  [
    'a number that no double holds',
    'RegisterUser',
    '{"attributes":{"a":9007199254740993}}',
    'The body has a number that a double can’t hold. Send it as a string',
  ],
  [
    'a number that is too large',
    'RegisterUser',
    '{"attributes":{"a":1e400}}',
    'The body has a number that a double can’t hold. Send it as a string',
  ],
  ['what is nested without an end', 'RegisterUser', `{"attributes":${DEEP}`, 'The body is not valid JSON'],
  [
    'what is nested deep',
    'RegisterUser',
    `{"attributes":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`,
    'The body is nested more than 34 deep',
  ],
  [
    'attributes that are nested too deep',
    'RegisterUser',
    `{"attributes":${'{"a":'.repeat(33)}1${'}'.repeat(33)}}`,
    'is nested more than 32 deep',
  ],
  [
    'a mask in the spelling of the contract',
    'UpdateUser',
    '{"updateMask":"display_name"}',
    'google.protobuf.FieldMask: path names must be lowerCamelCase',
  ],
];

describe('JSON', () => {
  it.each(REFUSED)('is refused with %s', async (_what, name, body, message) => {
    const answer = await post(name, body);
    expect(answer).toMatchObject({ status: 400, json: { code: 'invalid_argument' } });
    expect(answer.json.message).toContain(message);
    expect(answer.json.details).toMatchObject([{ debug: { reason: 'INVALID_ARGUMENT' } }]);
    // Clients log what they are told, and it may have been a password.
    expect(answer.text).not.toContain('hunter2');
    expect(bed.tape.text).not.toContain('hunter2');
  });

  it('keeps names and values of attributes as they are', async () => {
    const attributes =
      '{"__proto__":{"x":1},"constructor":null,"toString":[true,"\\u2028","é",{}],"n":0.1,"big":9007199254740992}';
    const { text, accessToken } = await register(attributes);
    const expected =
      '{"__proto__":{"x":1},"constructor":null,"toString":[true,"\u2028","é",{}],"n":0.1,"big":9007199254740992}';
    expect(text).toContain(expected);
    expect((await post('GetUser', JSON.stringify({ user: { accessToken } }))).text).toContain(expected);
  });

  it('takes the names of the contract too, and an empty object', async () => {
    expect((await post('Refresh', '{"refresh_token":"syr_x"}')).json).toMatchObject({ code: 'failed_precondition' });
    expect((await post('GetUser', '{}')).json).toMatchObject({ message: 'user is missing' });
  });

  it('sets a member of the attributes that its mask names, and only that', async () => {
    const { accessToken } = await register('{"my_key":1,"other":2}');
    const update = (mask: string, attributes: object) =>
      post('UpdateUser', JSON.stringify({ user: { accessToken }, attributes, updateMask: mask }));
    expect((await update('attributes.myKey', { my_key: 3 })).text).toContain('{"my_key":3,"other":2}');
  });

  it.each(['updateMask', 'update_mask'])('does not mistake one member for another in %s', async (mask) => {
    const { accessToken } = await register('{"my_key":1,"myKey":2}');
    const update = { user: { accessToken }, attributes: { myKey: 3 }, [mask]: 'displayName,attributes.myKey' };
    const answer = await post('UpdateUser', JSON.stringify(update));
    expect(answer.json).toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('update_mask can’t name'),
    });
    expect((await post('GetUser', JSON.stringify({ user: { accessToken } }))).text).toContain('{"my_key":1,"myKey":2}');
  });
});
