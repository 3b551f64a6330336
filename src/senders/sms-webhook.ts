/** SMS by way of a webhook, signed as the Standard Webhooks specification says, so that any gateway can be put behind it. */
import { createHmac } from 'node:crypto';
import type { Instant } from '../core/model.ts';
import { type Outgoing, SendError, type Sender } from './sender.ts';
import { smsOf } from './texts.ts';

export interface SmsWebhook {
  readonly url: string;
  /** One, or two while they are rotated: every body is signed with each. */
  readonly secrets: readonly Uint8Array[];
}

export interface SmsWebhookOptions {
  readonly clock: () => Instant;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
/** "Later" and "too many": the statuses of 4xx that do not speak of this message (RFC 9110 section 15.5.9, RFC 6585 section 4). */
const PASSING = [408, 429];

export class SmsWebhookSender implements Sender {
  readonly #webhook: SmsWebhook;
  readonly #clock: () => Instant;
  readonly #timeoutMs: number;

  constructor(webhook: SmsWebhook, { clock, timeoutMs = TIMEOUT_MS }: SmsWebhookOptions) {
    this.#webhook = webhook;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  async send(outgoing: Outgoing): Promise<void> {
    const status = await this.#post(outgoing.messageId, bodyOf(outgoing, this.#clock()));
    if (status >= 200 && status < 300) {
      return;
    }
    const permanent = status >= 400 && status < 500 && !PASSING.includes(status);
    throw new SendError(`http_${status}`, `the SMS webhook answered ${status}`, { permanent });
  }

  async close(): Promise<void> {}

  async #post(messageId: string, body: string): Promise<number> {
    const timestamp = String(Math.floor(this.#clock() / 1_000));
    try {
      const response = await fetch(this.#webhook.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'symbolon',
          'webhook-id': messageId,
          'webhook-timestamp': timestamp,
          'webhook-signature': this.#webhook.secrets
            .map((secret) => sign(secret, `${messageId}.${timestamp}.${body}`))
            .join(' '),
        },
        body,
        // Who can redirect would get the code.
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      // The status is all that counts; a body could be endless.
      await response.body?.cancel();
      return response.status;
    } catch (error) {
      throw failureOf(error);
    }
  }
}

function bodyOf(outgoing: Outgoing, now: Instant): string {
  const { messageId, tenantId, purpose, address, code, expireTime } = outgoing;
  return JSON.stringify({
    message_id: messageId,
    tenant: tenantId,
    purpose,
    to: address,
    text: smsOf(outgoing, now),
    // Absent in a notice.
    code: code === '' ? undefined : code,
    expire_time: new Date(expireTime).toISOString(),
  });
}

function sign(secret: Uint8Array, text: string): string {
  return `v1,${createHmac('sha256', secret).update(text).digest('base64')}`;
}

/** Names the kind of failure only: the address of a webhook may hold a secret of its own. */
function failureOf(error: unknown): SendError {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new SendError('timeout', 'the SMS webhook did not answer in time');
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? `: ${String(cause.code)}` : '';
  return new SendError('unreachable', `the SMS webhook can't be reached${code}`);
}
