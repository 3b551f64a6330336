/** Notices: what is told without a code, to the address that a user had proven. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MESSAGES } from '../../src/core/tables/messages.ts';
import { openSenders } from '../../src/senders/open.ts';
import { Outbox } from '../../src/senders/outbox.ts';
import { LogTape } from '../http/support.ts';
import { make, makeTenant, makeUser, openTestBed, type TestBed } from '../support.ts';
import { MailServer, Webhook } from './support.ts';

let bed: TestBed;

beforeEach(async () => {
  bed = await openTestBed();
  await makeTenant(bed.store, 'acme');
  await makeUser(bed.services, 'acme', {
    subjectId: 'ann',
    loginName: 'ann',
    email: 'ann@example.com',
    emailVerified: true,
    phone: '+819012345678',
    phoneVerified: true,
    password: 'correct horse',
  });
});

afterEach(() => bed.close());

async function update(set: object): Promise<void> {
  await make(bed.store, {
    kind: 'update_subject',
    tenantId: 'acme',
    subjectKind: 'user',
    subjectId: 'ann',
    set,
    seen: { email: 'ann@example.com', phone: '+819012345678' },
    notices: { email: 'ms_mail', sms: 'ms_sms' },
  });
}

it('go by mail and by SMS, settle as any message, and fit one SMS', async () => {
  await using mail = await MailServer.start();
  await using webhook = await Webhook.start(500, 204);
  await update({ email: 'new@example.com', phone: '+819087654321' });
  const config = { smtp: mail.config(), smsWebhook: { url: webhook.url, secrets: [randomBytes(32)] } };
  const senders = await openSenders(config, { clock: bed.clock.read });
  const tape = new LogTape();
  const outbox = new Outbox({ services: bed.services, senders, log: tape.log, pollMs: 10 });
  outbox.start();
  const settled = async () => {
    bed.clock.advance(1_000);
    const messages = await bed.store.list(MESSAGES, { tenantId: 'acme' }, { limit: 10 });
    return messages.map(({ messageId, state, attempts }) => [messageId, state, attempts]);
  };
  await expect.poll(settled, { timeout: 20_000, interval: 10 }).toEqual([
    ['ms_mail', 'sent', 1],
    // The first attempt failed, and counts.
    ['ms_sms', 'sent', 2],
  ]);
  await outbox.stop(5_000);
  expect(mail.mails[0]?.raw).toContain('Subject: acme: your address is to be replaced');
  expect(mail.mails[0]?.raw.replaceAll('=\r\n', '')).toContain(
    'Somebody who is logged in to your account at acme asked to replace this e-mail address.',
  );
  expect(webhook.bodies[1]).toEqual({
    message_id: 'ms_sms',
    tenant: 'acme',
    purpose: 'address_change_asked',
    to: '+819012345678',
    text:
      'Somebody who is logged in to your account at acme asked to replace this phone number. ' +
      'If it was not you, change your password: that ends every login.',
    expire_time: expect.any(String),
  });
  expect(webhook.bodies[1]?.text?.length).toBeLessThanOrEqual(160);
});

it('of a change go to every address that was proven, and are not taken back by later codes', async () => {
  await update({ phone: null });
  const told = await bed.store.list(MESSAGES, { tenantId: 'acme' }, { limit: 10 });
  expect(told.map(({ address, purpose, state, sealed }) => [address, purpose, state, sealed])).toEqual([
    ['ann@example.com', 'address_changed', 'pending', null],
    ['+819012345678', 'address_changed', 'pending', null],
  ]);
});
