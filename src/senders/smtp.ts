/** Mail by SMTP (RFC 5321), handed to a server for submission (RFC 6409). */
import { domainToASCII } from 'node:url';
import { createTransport } from 'nodemailer';
import type { Instant } from '../core/model.ts';
import { toEmail } from '../core/text/emails.ts';
import { type Outgoing, SEND_TIMEOUT_MS, SendError, type Sender } from './sender.ts';
import { mailOf } from './texts.ts';

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /**
   * `implicit`: TLS from the first byte (RFC 8314). `starttls`: TLS before anything else, or nothing is sent. `opportunistic`: when
   * the server offers it, and without a look at its certificate, for plain text would do too (RFC 7435).
   */
  readonly tls: 'implicit' | 'starttls' | 'opportunistic';
  /** PEM certificates that the server's is checked by, in place of those of Node. */
  readonly ca?: Buffer;
  readonly auth?: { readonly user: string; readonly password: string };
  readonly from: Mailbox;
}

export interface SmtpOptions {
  readonly clock: () => Instant;
  /** In which a message is sent or given up. */
  readonly timeoutMs?: number;
}

/** What a client of ours did wrong at AUTH (RFC 4954), which says nothing about the recipient. */
const AUTH_REPLIES = [530, 534, 535, 538];
const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 30_000;
const MAX_REPLY_BYTES = 64 * 1024;

export class SmtpSender implements Sender {
  readonly #server: SmtpServer;
  readonly #clock: () => Instant;
  readonly #timeoutMs: number;
  readonly #transport: ReturnType<typeof transportTo>;

  constructor(server: SmtpServer, { clock, timeoutMs = SEND_TIMEOUT_MS }: SmtpOptions) {
    this.#server = server;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#transport = transportTo(server, timeoutMs);
  }

  async send(outgoing: Outgoing): Promise<void> {
    const { messageId, address } = outgoing;
    const mailbox = toEmail(address)?.mailbox;
    if (mailbox === undefined) {
      throw new SendError('address', 'mail can’t be sent to this address', { permanent: true });
    }
    const { from } = this.#server;
    try {
      await this.#transport.sendMail({
        ...mailOf(outgoing, this.#clock()),
        // As objects and with an envelope, so that nothing in them is parsed.
        from,
        to: { name: '', address: mailbox },
        envelope: { from: from.address, to: [mailbox] },
        messageId: messageIdOf(messageId, from),
        // Asks for no "out of office" (RFC 3834 section 5).
        headers: { 'Auto-Submitted': 'auto-generated' },
        xMailer: false,
        textEncoding: 'quoted-printable',
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async close(): Promise<void> {
    this.#transport.close();
  }

  #failure(error: unknown): SendError {
    const { code, command, response, responseCode, message } = error as SmtpFailure;
    if (responseCode !== undefined) {
      const permanent =
        responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA') && !AUTH_REPLIES.includes(responseCode);
      const said = this.#withoutPassword(response ?? String(responseCode));
      return new SendError(`smtp_${responseCode}`, `the mail server answered to ${command ?? 'us'}: ${said}`, {
        permanent,
      });
    }
    if (code === 'ETIMEDOUT' || code === 'EABORT') {
      return new SendError('timeout', 'the mail server did not answer in time');
    }
    const reason = code === 'ETLS' ? 'tls' : code === 'EAUTH' ? 'auth' : 'unreachable';
    return new SendError(reason, `mail could not be handed over: ${this.#withoutPassword(String(message))}`);
  }

  /** No server should quote it, and a log is no place to find out that one does. */
  #withoutPassword(text: string): string {
    const { auth } = this.#server;
    if (auth === undefined || auth.password === '') {
      return text;
    }
    const base64 = (plain: string) => Buffer.from(plain).toString('base64');
    return [base64(`\0${auth.user}\0${auth.password}`), base64(auth.password), auth.password].reduce(
      (cleaned, secret) => cleaned.replaceAll(secret, '***'),
      text,
    );
  }
}

interface SmtpFailure {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly message?: string;
}

/** A connection for each message: they are few, and none goes stale. */
function transportTo({ host, port, tls, ca, auth }: SmtpServer, timeoutMs: number) {
  return createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    tls: {
      minVersion: 'TLSv1.2',
      rejectUnauthorized: tls !== 'opportunistic',
      ...(ca === undefined ? {} : { ca }),
    },
    ...(auth === undefined ? {} : { auth: { user: auth.user, pass: auth.password } }),
    dnsTimeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
    connectionTimeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
    greetingTimeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
    socketTimeout: Math.min(SILENCE_TIMEOUT_MS, timeoutMs),
    maxResponseSize: MAX_REPLY_BYTES,
  });
}

/** The same for every attempt, so that who gets it twice can tell (RFC 5322 section 3.6.4). */
function messageIdOf(messageId: string, from: Mailbox): string {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const ascii = domain.startsWith('[') ? domain : domainToASCII(domain);
  return `<${messageId.replace(/[^a-zA-Z0-9_-]/g, '-')}@${ascii === '' ? 'localhost' : ascii}>`;
}
