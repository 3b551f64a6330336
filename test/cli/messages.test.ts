/** `symbolon message list`: what was to be sent to people, and what became of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic } from '../process/grpc-client.ts';
import { eventually } from '../process/program.ts';
import { ServerProcess } from '../process/server-process.ts';
import { MailServer } from '../senders/support.ts';
import { DirectoryClient } from './directory.ts';
import { type Json, Workspace } from './workspace.ts';

const ACME = ['--tenant', 'acme'] as const;

let workspace: Workspace;
let mail: MailServer;
let secret: string;

beforeAll(async () => {
  workspace = new Workspace();
  mail = await MailServer.start({});
  await workspace.text(['init']);
  await workspace.text(['tenant', 'create', 'acme']);
  await workspace.text(['tenant', 'create', 'quiet']);
  secret = String(
    (await workspace.json(['client', 'create', ...ACME, '--id', 'boss', '--role', 'admin'])).client_secret,
  );
});
afterAll(async () => {
  await mail[Symbol.asyncDispose]();
  workspace[Symbol.dispose]();
});

async function listed(): Promise<Json[]> {
  const printed = await workspace.text(['message', 'list', ...ACME, '--json']);
  return printed
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Json);
}

describe('message list', () => {
  it('prints nothing of a tenant without messages, and refuses one that is not there', async () => {
    expect(await workspace.text(['message', 'list', '--tenant', 'quiet'])).toBe('');
    expect(await workspace.refusal(['message', 'list', '--tenant', 'nobody'])).toBe(
      'There is no tenant nobody. Name another, or make it with symbolon tenant create',
    );
    expect(await workspace.refusal(['message', 'list'])).toContain('--tenant is missing');
  });

  it('tells what was sent, and what waits and why, without a code', async () => {
    const args = ['--smtp-url', `smtp://127.0.0.1:${mail.port}`, '--mail-from', 'codes@example.com'];
    await using server = await ServerProcess.start({ dataDir: workspace.path, args });
    using directory = new DirectoryClient(server.grpcAddress, basic('boss', secret));
    const { userId } = await directory.registerUser({
      loginName: 'ann',
      password: 'password',
      email: 'ann@example.com',
      phone: '+819012341234',
    });
    const [sent, waiting] = await eventually('the mail', async () => {
      const messages = await listed();
      const found = ['email', 'sms'].map((channel) => messages.find((each) => each.channel === channel));
      return found[0]?.state === 'sent' && found[1]?.last_error !== '' ? found : undefined;
    });
    const time = expect.stringMatching(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/);
    const message_id = expect.stringMatching(/^ms_\w+$/);
    const common = { create_time: time, message_id, user_id: userId };
    expect(sent).toEqual({
      ...common,
      state: 'sent',
      channel: 'email',
      purpose: 'verify_email',
      address: 'ann@example.com',
      attempts: 1,
      last_error: '',
    });
    const last_error = 'no sender is configured for sms. Give --sms-webhook-url and --sms-webhook-secret-file';
    const attempts = expect.any(Number);
    const toPhone = { channel: 'sms', purpose: 'verify_phone', address: '+819012341234' };
    expect(waiting).toEqual({ ...common, ...toPhone, state: 'pending', attempts, last_error });

    const text = await workspace.text(['message', 'list', ...ACME]);
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toContain(`\t${sent?.message_id}\tsent\temail\tverify_email\tann@example.com\t${userId}\t1\t`);
    expect(text).toContain(last_error);
    const code = /^(\d{8})\r?$/m.exec(mail.mails[0]?.raw ?? '')?.[1] ?? 'no code';
    expect(code).toMatch(/^\d{8}$/);
    expect(text + JSON.stringify(await listed())).not.toContain(code);
  });
});
