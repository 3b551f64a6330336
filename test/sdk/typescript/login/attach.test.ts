/** The token of a Login on calls: interceptor, call credentials and fetch, over real sockets to services that refuse. */

import { readFileSync } from 'node:fs';
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Client,
  credentials,
  type Interceptor,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCredentials, interceptor } from '../../../../sdk/typescript/client/src/attach.ts';
import { SymbolonError } from '../../../../sdk/typescript/client/src/index.ts';
import { attachedFetch, type TokenSource } from '../../../../sdk/typescript/client/src/standard/fetch.ts';
import { dataDirectory } from '../../../process/server-process.ts';
import { HAS_OPENSSL, makeCertificate } from '../../../process/tls-files.ts';
import { failureOf } from '../client/failure.ts';
import { gate, settled } from './bed.ts';

/** Has `first` until that was refused, and `second` then. */
class Source implements TokenSource {
  current = 'first';
  readonly refusals: string[] = [];
  failing: SymbolonError | undefined;
  held: Promise<void> = Promise.resolve();

  async token({ signal }: { readonly signal?: AbortSignal } = {}): Promise<string> {
    const aborted = new Promise<never>((_resolve, reject) =>
      signal?.addEventListener('abort', () => reject(new SymbolonError('CANCELLED', 'given up'))),
    );
    await Promise.race([this.held, aborted]);
    if (this.failing !== undefined) {
      throw this.failing;
    }
    return this.current;
  }

  async refused(token: string): Promise<boolean> {
    this.refusals.push(token);
    this.current = 'second';
    return token === 'first';
  }
}

describe('grpc-js', () => {
  const bytes = (value: Buffer) => value;
  const definition = (path: string, requestStream: boolean, responseStream: boolean) => ({
    ...{ path, requestStream, responseStream, requestSerialize: bytes, requestDeserialize: bytes },
    ...{ responseSerialize: bytes, responseDeserialize: bytes },
  });
  const SERVICE = { show: definition('/t.T/Show', false, false), chat: definition('/t.T/Chat', true, true) };
  const server = new Server();
  const seen: string[] = [];
  /** What is let in. */
  const live = new Set(['Bearer second']);
  let port: number;
  const admit = (metadata: Metadata): Partial<ServiceError> | null => {
    const told = metadata.get('authorization').join(' and ');
    seen.push(told);
    return live.has(told) ? null : { code: status.UNAUTHENTICATED, details: 'no', metadata: new Metadata() };
  };

  beforeAll(async () => {
    server.addService(SERVICE, {
      show: (
        call: { metadata: Metadata; request: Buffer; sendMetadata(metadata: Metadata): void },
        done: (...args: unknown[]) => void,
      ) => {
        // Of one that comes with an answer of its own before it.
        call.sendMetadata(new Metadata());
        done(admit(call.metadata), call.request);
      },
      chat: (call: import('@grpc/grpc-js').ServerDuplexStream<Buffer, Buffer>) => {
        const refusal = admit(call.metadata);
        if (refusal === null) {
          call.on('data', (message: Buffer) => call.write(message)).on('end', () => call.end());
        } else {
          call.emit('error', refusal);
        }
      },
    } as never);
    port = await new Promise((resolve) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, bound) => resolve(bound)),
    );
  });
  afterAll(() => server.forceShutdown());

  function open(attached: Interceptor) {
    seen.length = 0;
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { interceptors: [attached] });
    const show = (deadline = Date.now() + 30_000) => {
      let call: ReturnType<typeof client.makeUnaryRequest> | undefined;
      const answer = new Promise<Buffer | undefined>((resolve, reject) => {
        call = client.makeUnaryRequest(
          ...(['/t.T/Show', bytes, bytes, Buffer.from('hello'), { deadline }] as const),
          (error: ServiceError | null, response?: Buffer) => (error === null ? resolve(response) : reject(error)),
        );
      });
      return { answer, cancel: () => call?.cancel() };
    };
    return { client, show, [Symbol.dispose]: () => client.close() };
  }

  it('repeats a unary call once, with what it sent', async () => {
    const source = new Source();
    using opened = open(interceptor(source));
    expect(String(await opened.show().answer)).toBe('hello');
    expect([seen, source.refusals]).toEqual([['Bearer first', 'Bearer second'], ['first']]);
    expect(String(await opened.show().answer)).toBe('hello');
    expect(source.refusals).toEqual(['first']);
  });

  it('repeats nothing that is refused again, or by who says no', async () => {
    const source = new Source();
    source.current = 'neither';
    using opened = open(interceptor(source));
    expect(await failureOf(opened.show().answer)).toMatchObject({ code: status.UNAUTHENTICATED, details: 'no' });
    expect(seen).toEqual(['Bearer neither']);
    live.clear();
    source.current = 'first';
    expect(await failureOf(opened.show().answer)).toMatchObject({ code: status.UNAUTHENTICATED });
    expect([seen.slice(1), source.refusals]).toEqual([
      ['Bearer first', 'Bearer second'],
      ['neither', 'first'],
    ]);
    live.add('Bearer second');
  });

  it('attaches to streams, and repeats none', async () => {
    const source = new Source();
    using opened = open(interceptor(source));
    const chat = () => {
      const stream = opened.client.makeBidiStreamRequest('/t.T/Chat', bytes, bytes, {});
      stream.write(Buffer.from('one'));
      stream.write(Buffer.from('two'));
      stream.end();
      return Array.fromAsync(stream, String);
    };
    expect(await failureOf(chat())).toMatchObject({ code: status.UNAUTHENTICATED });
    source.current = 'second';
    expect(await chat()).toEqual(['one', 'two']);
    expect([seen, source.refusals]).toEqual([['Bearer first', 'Bearer second'], []]);
  });

  it('fails as the login does, at the deadline of the call, and when it is cancelled', async () => {
    const source = new Source();
    using opened = open(interceptor(source));
    source.failing = new SymbolonError('UNAUTHENTICATED', 'nobody is signed in: sign in first');
    expect(await failureOf(opened.show().answer)).toMatchObject({
      code: status.UNAUTHENTICATED,
      details: /sign in first/,
    });
    const held = gate();
    source.held = held.passed;
    expect(await failureOf(opened.show(Date.now() + 50).answer)).toMatchObject({ code: status.DEADLINE_EXCEEDED });
    const { answer, cancel } = opened.show();
    const failure = failureOf(answer);
    cancel();
    expect(await failure).toMatchObject({ code: status.CANCELLED });
    held.open();
    await settled();
    source.failing = undefined;
    source.current = 'second';
    expect(String(await opened.show().answer)).toBe('hello');
    expect(seen).toEqual(['Bearer second']);
  });

  it('ends while it is looked at whether another call is worth it, too', async () => {
    const source = new Source();
    using opened = open(interceptor(source));
    const [asked, held] = [gate(), gate()];
    source.refused = async () => {
      asked.open();
      await held.passed;
      return true;
    };
    const { answer, cancel } = opened.show();
    const failure = failureOf(answer);
    await asked.passed;
    cancel();
    expect(await failure).toMatchObject({ code: status.CANCELLED });
    held.open();
    await settled();
    expect(seen).toEqual(['Bearer first']);
  });

  it('has call credentials, which grpc-js refuses without TLS', () => {
    expect(() => credentials.createInsecure().compose(callCredentials(new Source()))).toThrow('insecure');
  });

  it.skipIf(!HAS_OPENSSL && process.env.SYMBOLON_CI !== '1')('has call credentials over TLS', async () => {
    using own = dataDirectory();
    const { certificate, key } = makeCertificate(own.root, 'server');
    const pair = { private_key: readFileSync(key), cert_chain: readFileSync(certificate) };
    const secure = new Server();
    secure.addService({ show: SERVICE.show }, {
      show: (call: { metadata: Metadata; request: Buffer }, done: (...args: unknown[]) => void) =>
        done(admit(call.metadata), call.request),
    } as never);
    const bound = await new Promise<number>((resolve) =>
      secure.bindAsync('localhost:0', ServerCredentials.createSsl(null, [pair]), (_error, each) => resolve(each)),
    );
    const source = new Source();
    const tls = credentials.createSsl(readFileSync(certificate));
    const client = new Client(
      `localhost:${bound}`,
      credentials.combineChannelCredentials(tls, callCredentials(source)),
    );
    const show = () =>
      new Promise((resolve, reject) =>
        client.makeUnaryRequest('/t.T/Show', bytes, bytes, Buffer.from('a'), (error, answer) =>
          error === null ? resolve(String(answer)) : reject(error),
        ),
      );
    try {
      expect(await failureOf(show())).toMatchObject({ code: status.UNAUTHENTICATED });
      source.current = 'second';
      expect(await show()).toBe('a');
      source.failing = new SymbolonError('UNAUTHENTICATED', 'nobody is signed in: sign in first');
      expect(await failureOf(show())).toMatchObject({ code: status.UNAUTHENTICATED });
    } finally {
      client.close();
      secure.forceShutdown();
    }
  });
});

describe('fetch', () => {
  interface Seen {
    readonly url: string | undefined;
    readonly authorization: string | undefined;
    readonly body: string;
  }
  const seen: Seen[] = [];
  const servers: HttpServer[] = [];
  let here: string;
  let elsewhere: string;

  async function bodyOf(request: IncomingMessage): Promise<string> {
    return (await Array.fromAsync(request, String)).join('');
  }

  async function serve(): Promise<string> {
    const server = createServer(async (request, response) => {
      const { url = '', headers } = request;
      seen.push({ url, authorization: headers.authorization, body: await bodyOf(request) });
      const [, to] = /^\/to\?(.*)$/.exec(url) ?? [];
      if (to !== undefined) {
        response.writeHead(307, { location: decodeURIComponent(to) }).end();
      } else {
        response.writeHead(headers.authorization === 'Bearer second' ? 200 : 401).end('done');
      }
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  beforeAll(async () => {
    here = await serve();
    elsewhere = await serve();
  });
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('repeats once after 401, with what it sent', async () => {
    const source = new Source();
    const attached = attachedFetch(source, [here], undefined);
    seen.length = 0;
    const response = await attached(`${here}/orders`, {
      method: 'POST',
      body: 'bread',
      headers: { 'x-of': 'the app' },
    });
    expect([response.status, await response.text()]).toEqual([200, 'done']);
    expect(seen.map(({ authorization, body }) => [authorization, body])).toEqual([
      ['Bearer first', 'bread'],
      ['Bearer second', 'bread'],
    ]);
    source.current = 'first';
    expect((await attached(new Request(`${here}/`, { method: 'PUT', body: 'cheese' }))).status).toBe(401);
    source.current = 'neither';
    expect((await attached(`${here}/`)).status).toBe(401);
    expect(source.refusals).toEqual(['first', 'neither']);
  });

  it('does not repeat a body that was a stream', async () => {
    const source = new Source();
    const body = new Blob(['bread']).stream();
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    expect((await attachedFetch(source, [here], undefined)(`${here}/`, init)).status).toBe(401);
    expect(source.refusals).toEqual([]);
  });

  it('sends no token to an origin that was not named, nor after a redirect to one', async () => {
    const source = new Source();
    source.current = 'second';
    const attached = attachedFetch(source, [here], undefined);
    seen.length = 0;
    const failure = await failureOf(attached(`${elsewhere}/`));
    expect(failure).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(failure.message).toBe(`the token is for ${here}, and not for ${elsewhere}: fetch that without it`);
    expect(seen).toEqual([]);
    expect((await attached(`${here}/to?${encodeURIComponent(`${elsewhere}/stolen`)}`)).status).toBe(401);
    expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer second', undefined]);
    expect((await attached(`${here}/to?${encodeURIComponent('/kept')}`)).status).toBe(200);
    expect(seen.at(-1)).toMatchObject({ url: '/kept', authorization: 'Bearer second' });
    expect(source.refusals).toEqual([]);
  });

  it('fails as the login does, and ends by the signal of the call', async () => {
    const source = new Source();
    const attached = attachedFetch(source, [here], undefined);
    source.failing = new SymbolonError('UNAUTHENTICATED', 'nobody is signed in: sign in first');
    expect(await failureOf(attached(`${here}/`))).toBe(source.failing);
    const controller = new AbortController();
    source.held = new Promise(() => {});
    const failure = failureOf(attached(`${here}/`, { signal: controller.signal }));
    controller.abort();
    expect(await failure).toMatchObject({ code: 'CANCELLED' });
  });

  it.each([[], ['api.example.com'], ['https://api.example.com/v1'], ['ftp://a'], ['*'], ['https://a.example', '']])(
    'refuses %o as origins',
    (...origins) => {
      expect(() => attachedFetch(new Source(), origins, true)).toThrow(/origin/);
    },
  );

  it('refuses http, but on this machine or where it is asked for', () => {
    const http = 'http://api.example.com';
    const make = (origin: string, plaintext?: boolean) => () =>
      attachedFetch(new Source(), ['https://a.example', origin], plaintext);
    for (const each of [make(http), make(http, false), make('http://127.0.0.1.example.com'), make('http://10.0.0.1')]) {
      expect(each).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/must be https/) }),
      );
    }
    for (const each of [
      make(http, true),
      make('http://localhost:1'),
      make('http://127.9.0.1'),
      make('http://[::1]:1'),
    ]) {
      expect(each).not.toThrow();
    }
  });
});
