/** Where a browser comes back to on this machine, for as long as one sign-in waits for it (RFC 8252 section 7.3). */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SymbolonError } from './errors/symbolon-error.ts';
import { type BegunCode, readCallback } from './login/code.ts';

/** Only to this machine. `localhost` may be either address, so it is listened to as browsers look first: by IPv4. */
const HOSTS: Readonly<Record<string, string>> = {
  '127.0.0.1': '127.0.0.1',
  localhost: '127.0.0.1',
  '[::1]': '::1',
};

const DONE = 'You may close this window.';
const FAILED = 'Signing in did not work. You may close this window.';

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
} as const;

export class RedirectListener implements AsyncDisposable {
  readonly #server: Server;
  /** With the port that it listens at. */
  readonly redirectUri: string;

  private constructor(server: Server, redirectUri: string) {
    this.#server = server;
    this.redirectUri = redirectUri;
  }

  /** @throws SymbolonError where that is not on this machine, or its port is taken */
  static async listen(redirectUri: string): Promise<RedirectListener> {
    const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
    const host = HOSTS[url?.hostname ?? ''];
    if (url === undefined || url.protocol !== 'http:' || host === undefined || url.hash !== '') {
      const message =
        'redirectUri must be such as http://127.0.0.1/callback: elsewhere take beginCode and completeCode';
      throw new SymbolonError('INVALID_ARGUMENT', message);
    }
    const server = createServer();
    server.listen(Number(url.port), host);
    await once(server, 'listening').catch((error: unknown) => {
      throw new SymbolonError('UNAVAILABLE', `nobody can listen at redirectUri (${(error as Error).message})`);
    });
    const { port } = server.address() as AddressInfo;
    // Compared as a text by the server: nothing but the port is put in.
    const withPort = redirectUri.replace(/^(http:\/\/[^/?:]+|http:\/\/\[::1\])(?::\d+)?/i, `$1:${port}`);
    return new RedirectListener(server, withPort);
  }

  /** What comes back with the state of this sign-in. All else is answered, and waited on. */
  code(begun: BegunCode): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.on('request', (request, response) => {
        try {
          const code = answered(begun, request, response);
          if (code !== undefined) {
            resolve(code);
          }
        } catch (error) {
          respond(response, 200, FAILED);
          reject(error);
        }
      });
    });
  }

  /** Answers that were begun are sent. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeIdleConnections();
    // What a browser opened and never used.
    setTimeout(() => this.#server.closeAllConnections(), 1_000).unref();
  }
}

function answered(begun: BegunCode, request: IncomingMessage, response: ServerResponse): string | undefined {
  request.resume();
  if (request.method !== 'GET') {
    respond(response, 405, FAILED);
    return undefined;
  }
  const callback = readCallback(begun, request.url ?? '');
  if ('stray' in callback) {
    respond(response, callback.stray === 'path' ? 404 : 400, FAILED);
    return undefined;
  }
  respond(response, 200, DONE);
  return callback.code;
}

function respond(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, HEADERS).end(`<!doctype html><title>${text}</title><p>${text}</p>\n`);
}
