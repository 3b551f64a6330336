/** What the tests of the senders share: a mail server and a webhook on real sockets, and messages to send. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { type Outgoing, SendError } from '../../src/senders/sender.ts';
import type { SmtpServer } from '../../src/senders/smtp.ts';
import type { TlsPaths } from '../process/tls-files.ts';

export const NOW = Date.UTC(2030, 0, 1);
export const CODE = '83920174';

export function outgoing(changes: Partial<Outgoing> = {}): Outgoing {
  return {
    messageId: 'ms_1',
    channel: 'email',
    purpose: 'verify_email',
    address: 'ann@example.com',
    code: CODE,
    tenantId: 'acme',
    tenantName: 'Acme',
    expireTime: NOW + 15 * 60_000,
    ...changes,
  };
}

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came: headers and body. */
  readonly raw: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

export interface MailServerOptions {
  readonly port?: number;
  readonly tls?: TlsPaths;
  /** TLS from the first byte. */
  readonly implicit?: boolean;
  readonly auth?: { readonly user: string; readonly password: string };
  /** What RCPT TO is answered with when it is refused. */
  readonly refuse?: (address: string) => { readonly status: number; readonly text: string } | undefined;
  /** The same for DATA. */
  readonly refuseMail?: () => { readonly status: number; readonly text: string } | undefined;
}

/** A mail server that keeps what it gets. */
export class MailServer implements AsyncDisposable {
  readonly mails: ReceivedMail[] = [];
  /** Passwords that it was shown, and whether each was encrypted. */
  readonly logins: { readonly password: string; readonly secure: boolean }[] = [];
  readonly #server: SMTPServer;

  private constructor(options: MailServerOptions) {
    const { tls, implicit = false, auth, refuse, refuseMail } = options;
    this.#server = new SMTPServer({
      secure: implicit,
      ...(tls === undefined ? {} : { cert: readFileSync(tls.certificate), key: readFileSync(tls.key) }),
      disabledCommands: [
        ...(tls === undefined || implicit ? ['STARTTLS'] : []),
        ...(auth === undefined ? ['AUTH'] : []),
      ],
      authOptional: auth === undefined,
      disableReverseLookup: true,
      allowInsecureAuth: true,
      closeTimeout: 50,
      onAuth: ({ username, password }, session, done) => {
        this.logins.push({ password: password ?? '', secure: session.secure });
        const isRight = username === auth?.user && password === auth?.password;
        done(isRight ? null : answer({ status: 535, text: `no ${username} with ${password}` }), { user: username });
      },
      onRcptTo: ({ address }, _session, done) => done(answer(refuse?.(address))),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const refusal = answer(refuseMail?.());
          if (refusal === null) {
            this.mails.push({
              from: session.envelope.mailFrom === false ? '' : (session.envelope.mailFrom?.address ?? ''),
              to: session.envelope.rcptTo.map(({ address }) => address),
              raw: Buffer.concat(chunks).toString('utf8'),
              secure: session.secure,
              user: session.user as string | undefined,
            });
          }
          done(refusal);
        });
      },
    });
    // A peer that goes away in the middle is what some tests are about.
    this.#server.on('error', () => undefined);
  }

  static async start(options: MailServerOptions = {}): Promise<MailServer> {
    const server = new MailServer(options);
    await new Promise<void>((resolve) => server.#server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return portOf(this.#server.server);
  }

  /** As it is configured on this machine. */
  config(changes: Partial<SmtpServer> = {}): SmtpServer {
    return {
      host: '127.0.0.1',
      port: this.port,
      tls: 'opportunistic',
      from: { name: 'Acme codes', address: 'codes@acme.example' },
      ...changes,
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function answer(refusal: { readonly status: number; readonly text: string } | undefined): Error | null {
  return refusal === undefined ? null : Object.assign(new Error(refusal.text), { responseCode: refusal.status });
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  return (server.address() as AddressInfo).port;
}

/** A port where nobody listens. */
export async function freePort(): Promise<number> {
  await using server = await RawServer.start(() => undefined);
  return server.port;
}

/** A server that speaks as it is told. */
export class RawServer implements AsyncDisposable {
  readonly #server: ReturnType<typeof createTcpServer>;
  readonly #sockets = new Set<Socket>();
  received = '';

  private constructor(serve: (socket: Socket) => void) {
    this.#server = createTcpServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        this.received += chunk.toString();
      });
      serve(socket);
    });
  }

  static async start(serve: (socket: Socket) => void): Promise<RawServer> {
    const server = new RawServer(serve);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return portOf(this.#server);
  }

  [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

export interface ReceivedPost {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A webhook that keeps what it gets, and answers as it is told. */
export class Webhook implements AsyncDisposable {
  readonly posts: ReceivedPost[] = [];
  answer: (response: ServerResponse, post: ReceivedPost) => void;
  readonly #server: Server;

  private constructor(answer: (response: ServerResponse, post: ReceivedPost) => void) {
    this.answer = answer;
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        const post = { method: request.method, path: request.url, headers: request.headers, body };
        this.posts.push(post);
        this.answer(response, post);
      });
    });
  }

  /** `statuses` are answered one after the other, the last one from then on. */
  static async start(...statuses: readonly number[]): Promise<Webhook> {
    const left = [...statuses];
    const webhook = new Webhook((response) =>
      response.writeHead((left.length > 1 ? left.shift() : left[0]) ?? 204).end(),
    );
    await new Promise<void>((resolve) => webhook.#server.listen(0, '127.0.0.1', resolve));
    return webhook;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}/sms`;
  }

  get bodies(): Record<string, string>[] {
    return this.posts.map(({ body }) => JSON.parse(body) as Record<string, string>);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** As a receiver verifies by the Standard Webhooks specification: one signature of those that are there must be right. */
export function isSignedBy(secret: Uint8Array, { headers, body }: ReceivedPost): boolean {
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = `v1,${createHmac('sha256', secret).update(text).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(expected);
}

export async function sendErrorOf(work: Promise<void>): Promise<SendError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SendError) {
      return error;
    }
    throw error;
  }
  throw new Error('it was sent');
}
