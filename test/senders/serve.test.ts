/** The real server: what is queued in its store leaves by the senders that it was told of, and its output holds no secret. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { standardKeyFile } from '../../src/config/store.ts';
import { keysOf } from '../../src/core/services/keys.ts';
import { readKey } from '../../src/server/key-file.ts';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { eventually } from '../process/program.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';
import { make } from '../support.ts';
import { isSignedBy, MailServer, Webhook } from './support.ts';

const TENANT = 'demo';
const MAIL_CODE = '5550001234';
const SMS_CODE = '5550005678';
const PASSWORD = 'planted-password';

/** Queues a mail and an SMS beside the running server, as another server of the store does. */
async function queueBoth(dataDir: string): Promise<void> {
  const store = await SqliteStore.open({ path: join(dataDir, 'symbolon.db'), clock: Date.now });
  const keys = keysOf(readKey(standardKeyFile(dataDir)), (bytes) => randomBytes(bytes));
  const code = (text: string, messageId: string) => ({
    digest: keys.digest('code', text),
    messageId,
    sealed: keys.seal('message', text),
  });
  await make(store, {
    kind: 'create_subject',
    subject: {
      subjectId: 'user-ann',
      tenantId: TENANT,
      kind: 'user',
      passwordHash: 'none',
      loginName: null,
      email: 'ann@example.com',
      emailVerified: false,
      phone: '+819012349999',
      phoneVerified: false,
      vendorId: null,
    },
    codes: [
      { purpose: 'verify_email', channel: 'email', ...code(MAIL_CODE, 'ms_mail') },
      { purpose: 'verify_phone', channel: 'sms', ...code(SMS_CODE, 'ms_sms') },
    ],
  });
  await store.close();
}

it('sends by the mail server and the webhook that it was told of', async () => {
  using directory = dataDirectory();
  await using mail = await MailServer.start({ auth: { user: 'symbolon', password: PASSWORD } });
  await using webhook = await Webhook.start(204);
  const secret = randomBytes(32);
  const secretFile = join(directory.root, 'secret');
  writeFileSync(secretFile, `whsec_${secret.toString('base64')}\n`, { mode: 0o600 });
  await using server = await ServerProcess.startDemo({
    dataDir: directory.path,
    args: [
      ...['--mail-from', 'Demo <codes@example.com>', '--log-level', 'trace'],
      ...['--sms-webhook-url', webhook.url, '--sms-webhook-secret-file', secretFile],
    ],
    env: { SYMBOLON_SMTP_URL: `smtp://symbolon:${PASSWORD}@127.0.0.1:${mail.port}` },
  });
  await queueBoth(directory.path);
  await eventually('both messages', () => mail.mails.length === 1 && webhook.posts.length === 1);
  expect(mail.mails[0]?.raw).toContain(`\r\n${MAIL_CODE}\r\n`);
  expect(mail.mails[0]?.raw).toContain('Demo');
  expect(webhook.bodies[0]).toMatchObject({ code: SMS_CODE, tenant: TENANT });
  expect(webhook.posts.every((post) => isSignedBy(secret, post))).toBe(true);
  await eventually('the log lines', () => server.running.stderr.match(/message sent/g)?.length === 2);
  expect(await server.running.end('SIGTERM')).toMatchObject({ code: 0 });
  const { stdout, stderr } = server.running;
  for (const each of [MAIL_CODE, SMS_CODE, PASSWORD, secret.toString('base64'), 'ann@example.com', '+819012349999']) {
    expect(stdout + stderr).not.toContain(each);
  }
});

it('shows the codes of a demo that has no senders, and says that it is one', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path });
  await queueBoth(directory.path);
  const shown = (code: string) => new RegExp(`^DEMO ONLY, not sent by (email|sms): .*${code}$`, 'm');
  await eventually('both codes', () => [MAIL_CODE, SMS_CODE].every((code) => shown(code).test(server.running.stdout)));
  expect(server.running.stderr).not.toContain(MAIL_CODE);
});
