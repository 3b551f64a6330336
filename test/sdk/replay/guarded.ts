/** A service behind the tokens that logins attach, by gRPC and by HTTP. It asks the real server about each token. */
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';

const HTTP_OK = 200;
const HTTP_UNAUTHORIZED = 401;
const asItIs = (bytes: Buffer) => bytes;
const SHOW = {
  path: '/symbolon.test.Guarded/Show',
  requestStream: false,
  responseStream: false,
  requestSerialize: asItIs,
  requestDeserialize: asItIs,
  responseSerialize: asItIs,
  responseDeserialize: asItIs,
};

export class Guarded implements AsyncDisposable {
  /** Of each call, in their order. */
  readonly tokens: string[] = [];
  readonly #isLive: (token: string) => Promise<boolean>;
  readonly #grpc = new Server();
  readonly #http: HttpServer;
  grpc = '';
  http = '';

  private constructor(isLive: (token: string) => Promise<boolean>) {
    this.#isLive = isLive;
    this.#grpc.addService({ show: SHOW }, {
      show: ({ metadata }: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) =>
        void this.#lets(metadata.get('authorization')).then((lets) =>
          lets
            ? done(null, Buffer.alloc(0))
            : done({ code: status.UNAUTHENTICATED, details: 'the token is refused', metadata: new Metadata() }),
        ),
    } as never);
    this.#http = createServer((request, response) => {
      request.resume();
      void this.#lets([request.headers.authorization ?? '']).then((lets) => {
        response.writeHead(lets ? HTTP_OK : HTTP_UNAUTHORIZED).end();
      });
    });
  }

  static async start(isLive: (token: string) => Promise<boolean>): Promise<Guarded> {
    const guarded = new Guarded(isLive);
    await new Promise<void>((resolve) => guarded.#http.listen(0, '127.0.0.1', resolve));
    guarded.http = `127.0.0.1:${(guarded.#http.address() as AddressInfo).port}`;
    guarded.grpc = await new Promise((resolve, reject) =>
      guarded.#grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(`127.0.0.1:${port}`) : reject(error),
      ),
    );
    return guarded;
  }

  async #lets(headers: readonly (string | Buffer)[]): Promise<boolean> {
    const [, token = ''] = /^Bearer (\S+)$/.exec(String(headers[0] ?? '')) ?? [];
    this.tokens.push(token);
    return headers.length === 1 && token !== '' && this.#isLive(token);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#grpc.forceShutdown();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}
