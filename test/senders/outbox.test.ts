/** The worker on a real store and real sockets: what is queued arrives, once while all is well, and later when it is not. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SymbolonError } from '../../src/core/errors.ts';
import { keysOf } from '../../src/core/services/keys.ts';
import type { Services } from '../../src/core/services/services.ts';
import type { CodePurpose } from '../../src/core/tables/codes.ts';
import { MESSAGES, type Message } from '../../src/core/tables/messages.ts';
import { openSenders, type SendersConfig } from '../../src/senders/open.ts';
import { Outbox, type OutboxOptions } from '../../src/senders/outbox.ts';
import type { SmsWebhook } from '../../src/senders/sms-webhook.ts';
import { LogTape, withStore } from '../http/support.ts';
import { make, makeTenant, openTestBed, type TestBed } from '../support.ts';
import { freePort, MailServer, RawServer, Webhook } from './support.ts';

const TENANT = 'acme';
const POLL_MS = 10;
const LEASE_MS = 60_000;

let bed: TestBed;
let services: Services;
let tape: LogTape;
let running: Outbox[];
let codes: string[];

beforeEach(async () => {
  bed = await openTestBed();
  services = bed.services;
  tape = new LogTape();
  running = [];
  codes = [];
  await makeTenant(bed.store, TENANT, { verificationCodeLifetimeMs: 10 * 60_000 });
});

afterEach(async () => {
  await Promise.all(running.map((outbox) => outbox.stop(5_000)));
  await bed.close();
  expect(codes.filter((code) => tape.text.includes(code))).toEqual([]);
});

async function start(config: SendersConfig, changes: Partial<OutboxOptions> = {}): Promise<Outbox> {
  const senders = await openSenders(config, { clock: bed.clock.read });
  const outbox = new Outbox({ services, senders, log: tape.log, pollMs: POLL_MS, ...changes });
  running.push(outbox);
  outbox.start();
  return outbox;
}

function sms({ url }: Webhook): { smsWebhook: SmsWebhook } {
  return { smsWebhook: { url, secrets: [randomBytes(32)] } };
}

/** Queues the message of a new user, and answers its code. */
async function queue(id: string, purpose: CodePurpose = 'verify_email', to = `${id}@example.com`): Promise<string> {
  const code = String(randomBytes(4).readUInt32BE()).padStart(10, '0');
  codes.push(code);
  const isMail = purpose === 'verify_email';
  const subject = {
    subjectId: `user-${id}`,
    tenantId: TENANT,
    kind: 'user' as const,
    passwordHash: 'none',
    loginName: null,
    email: isMail ? to : null,
    emailVerified: false,
    phone: isMail ? null : to,
    phoneVerified: false,
    vendorId: null,
  };
  const sealed = services.keys.seal('message', code);
  const digest = services.keys.digest('code', code);
  const channel = isMail ? 'email' : 'sms';
  await make(bed.store, {
    kind: 'create_subject',
    subject,
    codes: [{ purpose, channel, digest, messageId: `ms_${id}`, sealed }],
  });
  return code;
}

function phone(index: number): string {
  return `+8190${String(10_000_000 + index)}`;
}

async function messages(): Promise<readonly Message[]> {
  return bed.store.list(MESSAGES, { tenantId: TENANT }, { limit: 1_000 });
}

async function states(): Promise<string[]> {
  return (await messages()).map(({ state }) => state);
}

/** Lets time pass until there is what is waited for. */
function whileTimePasses<T>(probe: () => T | Promise<T>, stepMs = 1_000) {
  const step = () => {
    bed.clock.advance(stepMs);
    return probe();
  };
  return expect.poll(step, { timeout: 20_000, interval: 10 });
}

function eventually<T>(probe: () => T | Promise<T>) {
  return expect.poll(probe, { timeout: 20_000, interval: 10 });
}

describe('a message', () => {
  it('is sent by its channel and settled, and its code is forgotten', async () => {
    await using mail = await MailServer.start();
    await using webhook = await Webhook.start(204);
    await start({ smtp: mail.config(), ...sms(webhook) });
    const mailed = await queue('ann');
    const texted = await queue('bob', 'verify_phone', phone(1));
    await eventually(states).toEqual(['sent', 'sent']);
    expect(mail.mails[0]?.raw).toContain(`\r\n${mailed}\r\n`);
    expect(webhook.bodies).toMatchObject([{ code: texted, to: phone(1), message_id: 'ms_bob' }]);
    expect(await messages()).toMatchObject([
      { sealed: null, attempts: 1, lastError: null },
      { sealed: null, attempts: 1, lastError: null },
    ]);
  });

  it('is sent once by two workers, of many', async () => {
    await using webhook = await Webhook.start(204);
    for (let index = 0; index < 60; index += 1) {
      await queue(`u${index}`, 'verify_phone', phone(index));
    }
    await start(sms(webhook));
    await start(sms(webhook));
    await eventually(async () => (await states()).every((state) => state === 'sent')).toBe(true);
    expect(new Set(webhook.bodies.map((body) => body.message_id)).size).toBe(60);
    expect(webhook.posts).toHaveLength(60);
  });

  it('waits for its turn when many are on their way', async () => {
    await using webhook = await Webhook.start();
    let now = 0;
    let most = 0;
    webhook.answer = (response) => {
      now += 1;
      most = Math.max(most, now);
      setImmediate(() => {
        now -= 1;
        response.writeHead(204).end();
      });
    };
    for (let index = 0; index < 20; index += 1) {
      await queue(`u${index}`, 'verify_phone', phone(index));
    }
    await start(sms(webhook), { concurrency: 2, pollMs: 3_600_000 });
    await eventually(() => webhook.posts.length).toBe(20);
    expect(most).toBeLessThanOrEqual(2);
  });
});

describe('a failure', () => {
  it('that passes is tried again: the mail server is down, then up', async () => {
    const port = await freePort();
    await using template = await MailServer.start();
    await start({ smtp: template.config({ port }) });
    await queue('ann');
    await eventually(async () => (await messages())[0]?.attempts).toBe(1);
    expect(await messages()).toMatchObject([{ state: 'pending', lastError: expect.stringContaining('ECONNREFUSED') }]);
    await using mail = await MailServer.start({ port });
    await whileTimePasses(states).toEqual(['sent']);
    expect(mail.mails).toHaveLength(1);
  });

  it('that passes is tried again: 451, and 500 before 200', async () => {
    let refusals = 2;
    await using mail = await MailServer.start({
      refuse: () => (refusals-- > 0 ? { status: 451, text: 'later' } : undefined),
    });
    await using webhook = await Webhook.start(500, 200);
    await start({ smtp: mail.config(), ...sms(webhook) });
    await queue('ann');
    await queue('bob', 'verify_phone', phone(1));
    await whileTimePasses(states).toEqual(['sent', 'sent']);
    expect((await messages()).map(({ attempts }) => attempts)).toEqual([3, 2]);
  });

  it('for good is final at once', async () => {
    await using mail = await MailServer.start({ refuse: () => ({ status: 550, text: 'no such user' }) });
    await using webhook = await Webhook.start(400);
    await start({ smtp: mail.config(), ...sms(webhook) });
    await queue('ann');
    await queue('bob', 'verify_phone', phone(1));
    await eventually(states).toEqual(['failed', 'failed']);
    expect(await messages()).toMatchObject([
      { attempts: 1, sealed: null, lastError: expect.stringContaining('550') },
      { attempts: 1, sealed: null, lastError: 'the SMS webhook answered 400' },
    ]);
  });

  it('is waited after for longer each time, and is final when the code expires', async () => {
    await using webhook = await Webhook.start();
    const times: number[] = [];
    webhook.answer = (response) => {
      times.push(bed.clock.now);
      response.writeHead(503).end();
    };
    await start(sms(webhook));
    await queue('ann', 'verify_phone', phone(1));
    const expireTime = (await messages())[0]?.expireTime ?? 0;
    await whileTimePasses(states, 2_000).not.toEqual(['pending']);
    expect(await messages()).toMatchObject([
      { state: 'failed', sealed: null, lastError: expect.stringContaining('503') },
    ]);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
    expect(waits.at(-1)).toBeGreaterThan((waits[0] ?? 0) * 4);
    expect(times.every((time) => time < expireTime)).toBe(true);
  });

  it('of which nobody came to know until the code expired is final', async () => {
    await queue('ann', 'verify_phone', phone(1));
    bed.clock.now = (await messages())[0]?.expireTime ?? 0;
    await using webhook = await Webhook.start(204);
    await start(sms(webhook));
    await eventually(states).toEqual(['failed']);
    expect(await messages()).toMatchObject([{ attempts: 0, lastError: 'the code expired before it was sent' }]);
    expect(webhook.posts).toEqual([]);
  });

  it('is told without the code, in few words', async () => {
    await using server = await RawServer.start((socket) => {
      socket.write('220 mail\r\n');
      socket.on('data', (chunk: Buffer) => {
        const text = chunk.toString();
        const isEnd = /\r\n\.\r\n$/.test(text);
        const said = `451 ${codes[0]}\u0007 ${'x'.repeat(300)} ${codes[0]}\r\n`;
        socket.write(isEnd ? said : /^DATA/.test(text) ? '354 go\r\n' : '250 ok\r\n');
      });
    });
    await using template = await MailServer.start();
    await start({ smtp: template.config({ port: server.port }) });
    const code = await queue('ann');
    await eventually(async () => (await messages())[0]?.attempts).toBe(1);
    const lastError = (await messages())[0]?.lastError ?? '';
    expect(lastError).toContain('451 *** xxx');
    expect(lastError).not.toContain(code);
    expect(lastError.length).toBeLessThanOrEqual(200);
    expect(lastError).not.toMatch(/\p{Cc}/u);
  });

  it('for want of a sender names the flags, and passes when a server with one comes', async () => {
    await start({});
    await queue('ann', 'verify_phone', phone(1));
    await eventually(async () => (await messages())[0]?.lastError).toContain('--sms-webhook-url');
    await Promise.all(running.splice(0).map((outbox) => outbox.stop(5_000)));
    await using webhook = await Webhook.start(204);
    await start(sms(webhook));
    await whileTimePasses(states).toEqual(['sent']);
  });

  it('to open the code, sealed under another key, is final', async () => {
    await using webhook = await Webhook.start(204);
    await queue('ann', 'verify_phone', phone(1));
    services = { ...services, keys: keysOf(randomBytes(32), randomBytes) };
    await start(sms(webhook));
    await eventually(states).toEqual(['failed']);
    expect((await messages())[0]?.lastError).toContain('key');
    expect(webhook.posts).toEqual([]);
  });
});

describe('a store that fails', () => {
  it('is asked again, and is complained about once', async () => {
    await using webhook = await Webhook.start(204);
    let isDown = true;
    let asked = 0;
    const flaky = withStore(services, {
      execute: ((command, options) => {
        asked += 1;
        if (isDown) {
          throw new SymbolonError('store_unavailable', 'down');
        }
        return bed.store.execute(command, options);
      }) as Services['store']['execute'],
    });
    await queue('ann', 'verify_phone', phone(1));
    await start(sms(webhook), { services: flaky });
    await eventually(() => asked).toBeGreaterThan(3);
    isDown = false;
    await eventually(states).toEqual(['sent']);
    const complaints = tape.lines.filter(({ msg }) => String(msg).includes('outbox'));
    expect(complaints).toMatchObject([{ cause: 'store_unavailable' }, { msg: 'the outbox is read again' }]);
  });

  it('between sending and settling has the message settled later', async () => {
    await using webhook = await Webhook.start(204);
    let failures = 3;
    const flaky = withStore(services, {
      execute: (async (command, options) => {
        if (command.kind === 'settle_message' && failures-- > 0) {
          throw new SymbolonError('store_unavailable', 'down');
        }
        return bed.store.execute(command, options);
      }) as Services['store']['execute'],
    });
    await queue('ann', 'verify_phone', phone(1));
    await start(sms(webhook), { services: flaky });
    await eventually(states).toEqual(['sent']);
    expect(webhook.posts).toHaveLength(1);
  });
});

it('a worker that ends between sending and settling has the message sent again by the next one, once its lease has ended', async () => {
  await using webhook = await Webhook.start(204);
  const deaf = withStore(services, {
    execute: (async (command, options) => {
      if (command.kind === 'settle_message') {
        throw new SymbolonError('store_unavailable', 'down');
      }
      return bed.store.execute(command, options);
    }) as Services['store']['execute'],
  });
  await queue('ann', 'verify_phone', phone(1));
  const first = await start(sms(webhook), { services: deaf });
  await eventually(() => webhook.posts.length).toBe(1);
  await first.stop(5_000);
  await start(sms(webhook));
  bed.clock.advance(LEASE_MS - 1);
  expect(await states()).toEqual(['pending']);
  bed.clock.advance(1);
  await eventually(states).toEqual(['sent']);
  expect(webhook.posts.map(({ headers }) => headers['webhook-id'])).toEqual(['ms_ann', 'ms_ann']);
});

describe('stopping', () => {
  it('waits for what is on its way, and takes nothing more', async () => {
    await using webhook = await Webhook.start();
    let finish: () => void = () => undefined;
    webhook.answer = (response) => {
      finish = () => response.writeHead(204).end();
    };
    const outbox = await start(sms(webhook));
    await queue('ann', 'verify_phone', phone(1));
    await eventually(() => webhook.posts.length).toBe(1);
    const stopped = outbox.stop(10_000);
    await queue('bob', 'verify_phone', phone(2));
    finish();
    await stopped;
    expect(await states()).toEqual(['sent', 'pending']);
    expect(webhook.posts).toHaveLength(1);
  });

  it('does not wait for longer than it may', async () => {
    await using webhook = await Webhook.start();
    webhook.answer = () => undefined;
    const outbox = await start(sms(webhook));
    await queue('ann', 'verify_phone', phone(1));
    await eventually(() => webhook.posts.length).toBe(1);
    const before = performance.now();
    await outbox.stop(100);
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(await states()).toEqual(['pending']);
  });
});

it('an idle store is asked once in an interval', async () => {
  let asked = 0;
  const counted = withStore(services, {
    execute: (async (command, options) => {
      asked += 1;
      return bed.store.execute(command, options);
    }) as Services['store']['execute'],
  });
  const before = performance.now();
  await start({}, { services: counted, pollMs: 50 });
  await eventually(() => asked).toBeGreaterThanOrEqual(5);
  // Timers may fire a little early.
  expect(asked).toBeLessThanOrEqual((performance.now() - before) / 49 + 2);
});
