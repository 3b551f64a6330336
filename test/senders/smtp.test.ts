/** Mail over real sockets: what it says, how it is protected, and which failures are for good. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outgoing } from '../../src/senders/sender.ts';
import { SmtpSender, type SmtpServer } from '../../src/senders/smtp.ts';
import { HAS_OPENSSL, makeCertificate, type TlsPaths } from '../process/tls-files.ts';
import { temporaryDirectory } from '../support.ts';
import { CODE, freePort, MailServer, NOW, outgoing, RawServer, sendErrorOf } from './support.ts';

const AUTH = { user: 'symbolon', password: 'pass & wörd%' };

async function send(server: SmtpServer, message: Outgoing = outgoing(), timeoutMs = 10_000): Promise<void> {
  await new SmtpSender(server, { clock: () => NOW, timeoutMs }).send(message);
}

/** Headers unfolded, and the body. */
function partsOf(raw: string): { headers: string[]; body: string } {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  return { headers: head.replaceAll(/\r\n[ \t]/g, ' ').split('\r\n'), body: rest.join('\r\n\r\n') };
}

describe('a mail', () => {
  it('tells what it is about, the code on a line of its own, how long it is valid and what to do otherwise', async () => {
    await using server = await MailServer.start();
    await send(server.config());
    const [mail] = server.mails;
    const { headers, body } = partsOf(mail?.raw ?? '');
    expect(mail).toMatchObject({ from: 'codes@acme.example', to: ['ann@example.com'] });
    expect(headers).toEqual(
      expect.arrayContaining([
        'From: Acme codes <codes@acme.example>',
        'To: ann@example.com',
        'Subject: Acme: confirm your e-mail address',
        'Message-ID: <ms_1@acme.example>',
        'Auto-Submitted: auto-generated',
        'Content-Type: text/plain; charset=utf-8',
      ]),
    );
    const text = body.replaceAll('=\r\n', '');
    expect(text.split('\r\n')).toContain(CODE);
    expect(text).toContain('This e-mail address was given to Acme.');
    expect(text).toContain('valid for 15 minutes, until 2030-01-01 00:15 UTC.');
    expect(text).toContain('If you did not ask for it, ignore this mail');
    expect(text).not.toMatch(/https?:/);
  });

  it('of a reset says so', async () => {
    await using server = await MailServer.start();
    await send(server.config(), outgoing({ purpose: 'reset_password', expireTime: NOW + 3 * 3_600_000 }));
    const raw = server.mails[0]?.raw ?? '';
    expect(raw).toContain('Subject: Acme: reset your password');
    expect(raw).toContain('valid for 3 hours');
    expect(raw.replaceAll('=\r\n', '')).toContain('your password stays as it is');
  });

  it('has the same Message-ID when it is sent again', async () => {
    await using server = await MailServer.start();
    await send(server.config());
    await send(server.config());
    const ids = server.mails.map(({ raw }) => partsOf(raw).headers.find((line) => line.startsWith('Message-ID:')));
    expect(ids).toEqual(['Message-ID: <ms_1@acme.example>', 'Message-ID: <ms_1@acme.example>']);
  });

  it('gets no header and no line from a name', async () => {
    await using server = await MailServer.start();
    const tenantName = 'Acme\r\nBcc: eve@example.com\r\n\r\n11111111\u2028x';
    await send(server.config(), outgoing({ tenantName }));
    const [mail] = server.mails;
    const { headers, body } = partsOf(mail?.raw ?? '');
    expect(mail?.to).toEqual(['ann@example.com']);
    expect(headers.filter((line) => /^bcc:/i.test(line))).toEqual([]);
    expect(body.split('\r\n').filter((line) => /^[0-9]{8}$/.test(line))).toEqual([CODE]);
  });

  it.each([
    'ann@example.com\r\nRCPT TO:<eve@example.com>',
    'ann@example.com, eve@example.com',
    'ann,eve@example.com',
    '<ann@example.com>',
    'ann@example.com>',
    '"ann eve"@example.com',
    'group:ann@example.com;',
    'no address',
  ])('is not sent to %j', async (address) => {
    await using server = await MailServer.start();
    const error = await sendErrorOf(send(server.config(), outgoing({ address })));
    expect(error).toMatchObject({ reason: 'address', permanent: true });
    expect(server.mails).toEqual([]);
  });

  it('reaches a name with an umlaut', async () => {
    await using server = await MailServer.start();
    await send(server.config(), outgoing({ tenantName: 'Bücher', address: 'jürgen@example.com' }));
    expect(server.mails[0]?.to).toEqual(['jürgen@example.com']);
    expect(server.mails[0]?.raw).toContain(`\r\n${CODE}\r\n`);
  });
});

describe('a failure', () => {
  it.each([
    [550, true],
    [553, true],
    [451, false],
    [421, false],
    // Our own login failed, not the recipient (RFC 4954).
    [530, false],
  ])('%i at the recipient: permanent %s', async (status, permanent) => {
    await using server = await MailServer.start({ refuse: () => ({ status, text: 'no such user' }) });
    const error = await sendErrorOf(send(server.config()));
    expect(error).toMatchObject({ reason: `smtp_${status}`, permanent });
    expect(error.message).toContain('no such user');
  });

  it.each([
    [554, true],
    [452, false],
  ])('%i at the message: permanent %s', async (status, permanent) => {
    await using server = await MailServer.start({ refuseMail: () => ({ status, text: 'not this one' }) });
    expect(await sendErrorOf(send(server.config()))).toMatchObject({ reason: `smtp_${status}`, permanent });
  });

  it('to connect is temporary', async () => {
    await using server = await MailServer.start();
    const error = await sendErrorOf(send(server.config({ port: await freePort() })));
    expect(error).toMatchObject({ reason: 'unreachable', permanent: false });
  });

  it('of a server that is silent or never comes to an end is a timeout', async () => {
    await using silent = await RawServer.start(() => undefined);
    await using endless = await RawServer.start((socket) => {
      const timer = setInterval(() => socket.write('220-wait\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    await using server = await MailServer.start();
    for (const { port } of [silent, endless]) {
      const error = await sendErrorOf(send(server.config({ port }), outgoing(), 300));
      expect(error).toMatchObject({ reason: 'timeout', permanent: false });
    }
  });

  it('to log in is temporary, and tells no password, even when the server quotes it', async () => {
    await using server = await MailServer.start({ auth: { ...AUTH, password: 'another' } });
    const error = await sendErrorOf(send(server.config({ auth: AUTH })));
    expect(error).toMatchObject({ reason: 'smtp_535', permanent: false });
    expect(error.message).toContain('no symbolon with ***');
    expect(error.message).not.toContain(AUTH.password);
  });
});

describe.runIf(HAS_OPENSSL)('TLS', () => {
  const directory = temporaryDirectory();
  let tls: TlsPaths;
  let ca: Buffer;
  beforeAll(() => {
    tls = makeCertificate(directory.path, 'mail');
    ca = readFileSync(tls.certificate);
  });
  afterAll(directory.remove);

  it('is begun by STARTTLS before the login', async () => {
    await using server = await MailServer.start({ tls, auth: AUTH });
    await send(server.config({ host: 'localhost', tls: 'starttls', ca, auth: AUTH }));
    expect(server.mails).toMatchObject([{ secure: true, user: 'symbolon' }]);
    expect(server.logins).toEqual([{ password: AUTH.password, secure: true }]);
  });

  it('is there from the first byte when it is implicit', async () => {
    await using server = await MailServer.start({ tls, implicit: true, auth: AUTH });
    await send(server.config({ host: 'localhost', tls: 'implicit', ca, auth: AUTH }));
    expect(server.mails).toMatchObject([{ secure: true, user: 'symbolon' }]);
  });

  it.each(['starttls', 'implicit'] as const)(
    'with a certificate that nobody vouches for sends nothing: %s',
    async (mode) => {
      await using server = await MailServer.start({ tls, implicit: mode === 'implicit', auth: AUTH });
      const error = await sendErrorOf(send(server.config({ host: 'localhost', tls: mode, auth: AUTH })));
      expect(error.permanent).toBe(false);
      expect(server.logins).toEqual([]);
      expect(server.mails).toEqual([]);
    },
  );

  it('of another name sends nothing', async () => {
    await using server = await MailServer.start({ tls });
    const error = await sendErrorOf(send(server.config({ host: '127.0.0.1', tls: 'starttls', ca })));
    expect(error.permanent).toBe(false);
    expect(server.mails).toEqual([]);
  });

  it('that is required and not offered sends nothing', async () => {
    await using server = await MailServer.start({ auth: AUTH });
    const error = await sendErrorOf(send(server.config({ tls: 'starttls', auth: AUTH })));
    expect(error).toMatchObject({ permanent: false });
    expect(server.logins).toEqual([]);
    expect(server.mails).toEqual([]);
  });

  it('is used by a server on this machine when that offers it', async () => {
    await using server = await MailServer.start({ tls, auth: AUTH });
    await send(server.config({ auth: AUTH }));
    expect(server.mails).toMatchObject([{ secure: true, user: 'symbolon' }]);
  });
});

it('logs in without TLS only where plain text was allowed', async () => {
  await using server = await MailServer.start({ auth: AUTH });
  await send(server.config({ auth: AUTH }));
  expect(server.mails).toMatchObject([{ secure: false, user: 'symbolon' }]);
});
