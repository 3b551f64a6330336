/** The SMS webhook over real sockets: what it is told, that it can be believed, and which answers are for good. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Outgoing } from '../../src/senders/sender.ts';
import { SmsWebhookSender } from '../../src/senders/sms-webhook.ts';
import { CODE, freePort, isSignedBy, NOW, outgoing, sendErrorOf, Webhook } from './support.ts';

const SECRET = randomBytes(32);
const SMS = outgoing({ channel: 'sms', purpose: 'verify_phone', address: '+819012341234' });

async function send(url: string, { secrets = [SECRET], timeoutMs = 10_000, message = SMS as Outgoing } = {}) {
  await new SmsWebhookSender({ url, secrets }, { clock: () => NOW + 999, timeoutMs }).send(message);
}

describe('a post', () => {
  it('holds the text and its parts', async () => {
    await using webhook = await Webhook.start(204);
    await send(webhook.url);
    const [post] = webhook.posts;
    expect(post).toMatchObject({ method: 'POST', path: '/sms' });
    expect(post?.headers['content-type']).toBe('application/json');
    expect(webhook.bodies).toEqual([
      {
        message_id: 'ms_1',
        tenant: 'acme',
        purpose: 'verify_phone',
        to: '+819012341234',
        text: `${CODE} is your code for Acme to confirm this phone number, valid for 15 minutes. If you did not ask for it, ignore this.`,
        code: CODE,
        expire_time: '2030-01-01T00:15:00.000Z',
      },
    ]);
    expect(webhook.bodies[0]?.text?.length).toBeLessThanOrEqual(160);
  });

  it('is signed as Standard Webhooks says, with every secret', async () => {
    await using webhook = await Webhook.start(200);
    const next = randomBytes(32);
    await send(webhook.url, { secrets: [SECRET, next] });
    const [post] = webhook.posts;
    expect(post?.headers).toMatchObject({ 'webhook-id': 'ms_1', 'webhook-timestamp': String(NOW / 1_000) });
    expect(post?.headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/);
    expect(post !== undefined && isSignedBy(SECRET, post) && isSignedBy(next, post)).toBe(true);
    expect(post !== undefined && isSignedBy(randomBytes(32), post)).toBe(false);
  });

  it('has the same webhook-id when it is sent again', async () => {
    await using webhook = await Webhook.start(500, 200);
    expect(await sendErrorOf(send(webhook.url))).toMatchObject({ reason: 'http_500', permanent: false });
    await send(webhook.url);
    expect(webhook.posts.map(({ headers }) => headers['webhook-id'])).toEqual(['ms_1', 'ms_1']);
  });
});

describe('a failure', () => {
  it.each([
    [400, true],
    [401, true],
    [404, true],
    [410, true],
    [408, false],
    [429, false],
    [500, false],
    [503, false],
    [304, false],
  ])('%i: permanent %s', async (status, permanent) => {
    await using webhook = await Webhook.start(status);
    expect(await sendErrorOf(send(webhook.url))).toMatchObject({ reason: `http_${status}`, permanent });
  });

  it.each([301, 302, 307, 308])('%i is not followed', async (status) => {
    await using elsewhere = await Webhook.start(200);
    await using webhook = await Webhook.start();
    webhook.answer = (response) => response.writeHead(status, { location: elsewhere.url }).end();
    expect(await sendErrorOf(send(webhook.url))).toMatchObject({ reason: `http_${status}`, permanent: false });
    expect(elsewhere.posts).toEqual([]);
  });

  it('to answer in time, or to connect, is temporary', async () => {
    await using webhook = await Webhook.start();
    webhook.answer = () => undefined;
    const late = await sendErrorOf(send(webhook.url, { timeoutMs: 300 }));
    expect(late).toMatchObject({ reason: 'timeout', permanent: false });
    const away = await sendErrorOf(send(`http://127.0.0.1:${await freePort()}/sms?key=secret`));
    expect(away).toMatchObject({ reason: 'unreachable', permanent: false });
    expect(away.message).toContain('ECONNREFUSED');
    expect(away.message).not.toContain('secret');
  });
});

it('waits for no more of an answer than its status', async () => {
  await using webhook = await Webhook.start();
  webhook.answer = (response) => {
    response.writeHead(200).write('x'.repeat(100_000));
    // And never an end.
  };
  await send(webhook.url, { timeoutMs: 5_000 });
  expect(webhook.posts).toHaveLength(1);
});
