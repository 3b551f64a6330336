import { describe, expect, it } from 'vitest';
import { parseAuthorization } from '../../../src/core/operations/authenticate.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import { parseToken } from '../../../src/core/token-form.ts';
import { madeUp } from '../made-up.ts';

const TOKEN = madeUp('access', { kind: 'ADMIN' });

function basic(pair: string, encoding: 'base64' | 'base64url' = 'base64'): string {
  return `Basic ${Buffer.from(pair).toString(encoding)}`;
}

function client(clientId: string, secret: string) {
  return { kind: 'client', clientId, secret, digest: digestOf(secret) };
}

describe('Basic', () => {
  it('is read as RFC 7617 section 2 has it', () => {
    const aladdin = client('Aladdin', 'open sesame');
    expect(parseAuthorization('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==')).toEqual(aladdin);
  });

  it('is read in UTF-8, as RFC 7617 section 2.1 has it', () => {
    expect(parseAuthorization('Basic dGVzdDoxMjPCow==')).toEqual(client('test', '123£'));
  });

  it.each([
    ['a scheme in any case', `bAsIc ${Buffer.from('app:secret').toString('base64')}`],
    ['more spaces than one', `Basic   ${Buffer.from('app:secret').toString('base64')}`],
    ['no padding', basic('app:secret').replace(/=+$/, '')],
    ['the alphabet of base64url', basic('app:secret', 'base64url')],
  ])('may have %s', (_, value) => {
    expect(parseAuthorization(value)).toEqual(client('app', 'secret'));
  });

  it('names a public client when the secret is empty', () => {
    expect(parseAuthorization(basic('app:'))).toEqual(client('app', ''));
  });

  // RFC 6749 section 2.3.1 and appendix B, as OAuth libraries send it.
  it.each([
    ['acme%2Dprod:sys%5FaB%2D', 'acme-prod', 'sys_aB-'],
    ['acme%2dprod:a%3Ab', 'acme-prod', 'a:b'],
    ['a%3Ab:c', 'a:b', 'c'],
    ['a+b:c+d%2B', 'a b', 'c d+'],
    ['%C3%A4:%25', 'ä', '%'],
    ['app:%', 'app', '%'],
    ['app:100%zz+', 'app', '100%zz+'],
    ['app:%FF', 'app', '%FF'],
  ])('decodes %s', (pair, clientId, secret) => {
    expect(parseAuthorization(basic(pair))).toEqual(client(clientId, secret));
  });

  it('ends the client id at the first colon', () => {
    expect(parseAuthorization(basic('app:a:b:c'))).toEqual(client('app', 'a:b:c'));
  });

  it.each([
    ['no colon', basic('app')],
    ['no client id', basic(':secret')],
    ['escapes in the client id that are not valid', basic('app%:secret')],
    ['escapes in the client id that are not UTF-8', basic('app%ED%A0%80:secret')],
    ['an escaped NUL in the client id', basic('app%00:secret')],
    ['a NUL in the client id', basic('app\0:secret')],
    ['a line break in the client id', basic('app%0A:secret')],
    ['nothing behind it', 'Basic '],
    ['no space', basic('app:secret').replace(' ', '')],
    ['what is not base64', 'Basic app:secret'],
    ['something behind it', `${basic('app:secret')} x`],
    ['a line break behind it', `${basic('app:secret')}\n`],
  ])('is refused with %s', (_, value) => {
    expect(parseAuthorization(value)).toBeUndefined();
  });
});

describe('Bearer', () => {
  it('is a token, with what it says of itself and its digest', () => {
    const credential = { kind: 'bearer', token: parseToken(TOKEN), digest: digestOf(TOKEN) };
    expect(credential.token).toMatchObject({ text: TOKEN, use: 'access', kind: 'ADMIN' });
    expect(parseAuthorization(`Bearer ${TOKEN}`)).toEqual(credential);
    expect(parseAuthorization(`bearer  ${TOKEN}`)).toEqual(credential);
  });

  it.each([
    ['rubbish', 'Bearer rubbish'],
    ['a changed token', `Bearer ${TOKEN.slice(0, -1)}${TOKEN.endsWith('x') ? 'y' : 'x'}`],
    ['two tokens', `Bearer ${TOKEN} ${TOKEN}`],
    ['none', 'Bearer'],
    ['a token without its scheme', TOKEN],
    ['a token with another scheme', `Token ${TOKEN}`],
    ['nothing', ''],
  ])('is refused with %s', (_, value) => {
    expect(parseAuthorization(value)).toBeUndefined();
  });
});
