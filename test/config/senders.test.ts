/** The flags of the senders: half of a pair is refused, and no message repeats a secret. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type SenderOptions, sendersConfig } from '../../src/config/senders.ts';
import { temporaryDirectory } from '../support.ts';

const directory = temporaryDirectory();
afterAll(directory.remove);

function fileWith(name: string, text: string): string {
  const path = join(directory.path, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const MAIL_FROM = 'codes@acme.example';
const SECRET = Buffer.alloc(32, 7);
const OTHER = Buffer.alloc(24, 9);
const WHSEC = `whsec_${SECRET.toString('base64')}`;
const PASSWORD_FILE = fileWith('password', 'p@ss word\n');
const SECRET_FILE = fileWith('secret', `${WHSEC}\n`);

describe('a mail server', () => {
  it('is not there when nothing is said', () => {
    expect(sendersConfig({})).toEqual({});
  });

  it.each([
    ['smtp://mail.example', { host: 'mail.example', port: 587, tls: 'starttls' }],
    ['smtps://mail.example', { host: 'mail.example', port: 465, tls: 'implicit' }],
    ['smtp://mail.example:2525/', { host: 'mail.example', port: 2525, tls: 'starttls' }],
    ['smtp://127.0.0.1:25', { host: '127.0.0.1', port: 25, tls: 'opportunistic' }],
    ['smtp://localhost', { host: 'localhost', port: 587, tls: 'opportunistic' }],
    ['smtp://[::1]:25', { host: '::1', port: 25, tls: 'opportunistic' }],
    ['smtp://us%40er:p%40ss@mail.example', { auth: { user: 'us@er', password: 'p@ss' } }],
  ])('%s', (smtpUrl, expected) => {
    expect(sendersConfig({ smtpUrl, mailFrom: MAIL_FROM }).smtp).toMatchObject(expected);
  });

  it('on another machine is spoken to in plain text only when that is said', () => {
    const options = { smtpUrl: 'smtp://mail.example', mailFrom: MAIL_FROM, smtpInsecurePlaintext: true };
    expect(sendersConfig(options).smtp?.tls).toBe('opportunistic');
  });

  it('takes its password from a file', () => {
    const options = { smtpUrl: 'smtp://user@mail.example', mailFrom: MAIL_FROM, smtpPasswordFile: PASSWORD_FILE };
    expect(sendersConfig(options).smtp?.auth).toEqual({ user: 'user', password: 'p@ss word' });
  });

  it.each([
    ['codes@acme.example', { name: '', address: 'codes@acme.example' }],
    ['Acme <codes@acme.example>', { name: 'Acme', address: 'codes@acme.example' }],
    ['"Acme, Inc." <codes@acme.example>', { name: 'Acme, Inc.', address: 'codes@acme.example' }],
  ])('sends from %s', (mailFrom, from) => {
    expect(sendersConfig({ smtpUrl: 'smtp://localhost', mailFrom }).smtp?.from).toEqual(from);
  });
});

describe('an SMS webhook', () => {
  it('has one secret, or two', () => {
    const smsWebhookUrl = 'https://sms.example/send?key=1';
    const two = fileWith('two', `${WHSEC}\nwhsec_${OTHER.toString('base64')}\n`);
    expect(sendersConfig({ smsWebhookUrl, smsWebhookSecretFile: SECRET_FILE })).toEqual({
      smsWebhook: { url: smsWebhookUrl, secrets: [SECRET] },
    });
    expect(sendersConfig({ smsWebhookUrl, smsWebhookSecretFile: two }).smsWebhook?.secrets).toEqual([SECRET, OTHER]);
  });

  it('on this machine needs no TLS', () => {
    const options = { smsWebhookUrl: 'http://127.0.0.1:9/x', smsWebhookSecretFile: SECRET_FILE };
    expect(sendersConfig(options).smsWebhook?.url).toBe('http://127.0.0.1:9/x');
  });
});

const smtp = (smtpUrl: string, more: SenderOptions = {}): SenderOptions => ({ smtpUrl, mailFrom: MAIL_FROM, ...more });
const webhook = (smsWebhookUrl: string, smsWebhookSecretFile = SECRET_FILE): SenderOptions => ({
  smsWebhookUrl,
  smsWebhookSecretFile,
});

it.each<[SenderOptions, RegExp]>([
  [{ smtpUrl: 'smtp://u:secret@mail.example' }, /--smtp-url is given without --mail-from/],
  [{ mailFrom: MAIL_FROM }, /--mail-from is given without --smtp-url/],
  [{ smtpPasswordFile: PASSWORD_FILE }, /--smtp-password-file is given without --smtp-url/],
  [{ smtpInsecurePlaintext: true }, /--smtp-insecure-plaintext is given without --smtp-url/],
  [{ smtpTlsCa: PASSWORD_FILE }, /--smtp-tls-ca is given without --smtp-url/],
  [smtp('http://u:secret@mail.example'), /not the address of a mail server/],
  [smtp('u:secret@mail.example'), /not the address of a mail server/],
  [smtp('smtp://u:sec#ret@mail.example'), /not the address of a mail server/],
  [smtp('smtp://u:secret@mail.example/path'), /not the address of a mail server/],
  [smtp('smtp://u:secret@mail.example?tls=off'), /not the address of a mail server/],
  [smtp('smtp://u:secret@mail.example:99999'), /not the address of a mail server/],
  [smtp('smtp://u:secret%@mail.example'), /Write %25/],
  [smtp('smtp://u@mail.example'), /names a user and no password/],
  [smtp('smtp://:secret@mail.example'), /names a password and no user/],
  [smtp('smtp://u:secret@mail.example', { smtpPasswordFile: PASSWORD_FILE }), /has a password too/],
  [smtp('smtp://mail.example', { smtpPasswordFile: PASSWORD_FILE }), /names no user/],
  [smtp('smtp://u@mail.example', { smtpPasswordFile: fileWith('lines', 'a\nsecret\n') }), /does not hold one line/],
  [smtp('smtp://u@mail.example', { smtpPasswordFile: join(directory.path, 'gone') }), /can't be read: ENOENT/],
  [smtp('smtps://mail.example', { smtpInsecurePlaintext: true }), /with an smtps:\/\/ address. Leave one/],
  [smtp('smtp://mail.example', { mailFrom: 'nobody' }), /--mail-from is not a mail address/],
  [smtp('smtp://mail.example', { mailFrom: 'a@b.example\r\nBcc: c@d.example' }), /--mail-from is not a mail address/],
  [{ smsWebhookUrl: 'https://sms.example/secret' }, /--sms-webhook-url is given without --sms-webhook-secret-file/],
  [{ smsWebhookSecretFile: SECRET_FILE }, /--sms-webhook-secret-file is given without --sms-webhook-url/],
  [webhook('http://sms.example/secret'), /plain text/],
  [webhook('https://u:secret@sms.example/'), /without user and password/],
  [webhook('ftp://sms.example/secret'), /not the address of a webhook/],
  [webhook('https://sms.example', fileWith('none', '\n')), /one secret a line/],
  [webhook('https://sms.example', fileWith('plain', 'secret\n')), /one secret a line/],
  [webhook('https://sms.example', fileWith('short', 'whsec_c2VjcmV0\n')), /one secret a line/],
  [webhook('https://sms.example', fileWith('three', `${WHSEC}\n${WHSEC}\n${WHSEC}\n`)), /one secret a line/],
])('refuses %j', (options, message) => {
  const read = () => sendersConfig(options);
  expect(read).toThrow(message);
  // Of a file only its name is told.
  expect(read).not.toThrow(/:secret|sec#ret|\/secret|whsec_[A-Za-z0-9+/]{5}/);
});
