/** What is wrong between a service and the server is told in the words of all languages, before those of grpc-js. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorInfo } from '../../../gen/ts/google/rpc/error_details.ts';
import { Status } from '../../../gen/ts/google/rpc/status.ts';
import { Client, type ClientOptions } from '../../../sdk/typescript/client/src/index.ts';
import { type SymbolonError, Verifier } from '../../../sdk/typescript/server/src/index.ts';
import { ServerProcess } from '../../process/server-process.ts';
import { HAS_OPENSSL, makeCertificate, type TlsPaths } from '../../process/tls-files.ts';
import { temporaryDirectory } from '../../support.ts';
import { failureOf } from './client/failure.ts';
import { ScriptedServer } from './scripted-server.ts';

const RIGHT_PORT = 'See that address is the port of gRPC, and that both sides speak TLS or neither (';
const HUNG_UP = 'The other side hung up. Where that comes each time, see that address is the port of gRPC, and that';
/** What a verifier may say of its line after a connection like that. */
const PAUSE = 'No connection established. Last error: Error: connections end as soon as they are set up. See that';
const NO_TLS = 'The server speaks without TLS: on a safe network give plaintext (';

const directory = temporaryDirectory();
let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.startDemo({ dataDir: join(directory.path, 'data') });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  directory.remove();
});

/** Of a verifier's check and the end of its watch, and of a client. */
async function tells(options: Partial<ClientOptions>, code: string, ...mends: readonly string[]): Promise<void> {
  const { client_id: clientId, client_secret: clientSecret } = server.demo.service;
  const all = { address: server.grpcAddress, clientId, clientSecret, timeoutMs: 60_000, ...options };
  const { promise: end, resolve } = Promise.withResolvers<SymbolonError>();
  using verifier = new Verifier({ ...all, onWatchEnd: resolve });
  using client = new Client(all);
  const check = Promise.resolve(verifier.check('syu_made-up'));
  const errors = await Promise.all([failureOf(client.tokens.introspect({ token: 'a' })), failureOf(check), end]);
  for (const [index, error] of errors.entries()) {
    const sentences = index === 0 ? mends : [...mends, PAUSE];
    expect(error).toMatchObject({ code });
    const [, said = ''] = error.message.split(`: ${code}: `);
    expect(
      sentences.some((mend) => said.startsWith(mend)),
      error.message,
    ).toBe(true);
    expect(error.message).not.toMatch(/\n|Resolution note|sys_|\(20\d\d-/);
  }
}

it('TLS to a server without it', () => tells({ plaintext: false }, 'UNAVAILABLE', NO_TLS));

it('the port of HTTP', () => tells({ address: server.demo.http }, 'UNAVAILABLE', RIGHT_PORT, HUNG_UP));

it('nobody listens', () => tells({ address: '127.0.0.1:1' }, 'UNAVAILABLE', 'Nobody listens at address ('));

it('no such host', () =>
  tells({ address: 'nobody.invalid:1' }, 'UNAVAILABLE', 'No such host as address names is known ('));

it('the other side hangs up', async () => {
  const peer = createServer((socket) => socket.destroy());
  await new Promise<void>((ready) => peer.listen(0, '127.0.0.1', ready));
  const { port } = peer.address() as { port: number };
  await tells({ address: `127.0.0.1:${port}` }, 'UNAVAILABLE', HUNG_UP);
  peer.close();
});

it('a wrong secret', () =>
  tells({ clientSecret: 'sys_wrong' }, 'UNAUTHENTICATED', 'Give a clientId and a clientSecret that are good ('));

it('no role', async () => {
  const { client_id: clientId, client_secret: clientSecret } = server.demo.admin;
  using admin = new Client({ address: server.grpcAddress, clientId, clientSecret });
  const made = await admin.clients.createClient({ confidential: true });
  const options = { clientId: made.client?.clientId ?? '', clientSecret: made.clientSecret };
  const mend = 'Give the client the role that the call needs (INTROSPECT to check tokens) (';
  await tells(options, 'PERMISSION_DENIED', mend);
});

it('an older server', async () => {
  await using older = await ScriptedServer.start();
  older.error = { code: status.UNIMPLEMENTED, details: 'unknown method', metadata: new Metadata() };
  using verifier = older.verifier();
  const error = await failureOf(Promise.resolve(verifier.check('syu_made-up')));
  expect(error.message).toContain('UNIMPLEMENTED: Bring the server to the version of this package (');
});

it('a server that is reached has words of its own', async () => {
  await using busy = await ScriptedServer.start();
  const metadata = new Metadata();
  const info = ErrorInfo.encode(ErrorInfo.fromPartial({ reason: 'BUSY', domain: 'symbolon.internal' })).finish();
  const details = [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: Buffer.from(info) }];
  const bytes = Status.encode(Status.fromPartial({ code: status.UNAVAILABLE, details })).finish();
  metadata.set('grpc-status-details-bin', Buffer.from(bytes));
  busy.error = { code: status.UNAVAILABLE, details: 'ECONNREFUSED by the store', metadata };
  using verifier = busy.verifier();
  const error = await failureOf(Promise.resolve(verifier.check('syu_made-up')));
  expect(error).toMatchObject({ reason: 'BUSY', message: expect.stringMatching(/UNAVAILABLE: ECONNREFUSED by/) });
});

describe.skipIf(!HAS_OPENSSL && process.env.SYMBOLON_CI !== '1')('of a server with TLS', () => {
  let own: TlsPaths;
  let secure: ServerProcess;
  beforeAll(async () => {
    own = makeCertificate(directory.path, 'own', { names: 'DNS:localhost' });
    const args = ['--grpc-address', 'localhost:0', '--tls-cert', own.certificate, '--tls-key', own.key];
    secure = await ServerProcess.startDemo({ dataDir: join(directory.path, 'secure'), args });
  });
  afterAll(() => secure[Symbol.asyncDispose]());
  const port = () => secure.grpcAddress.split(':').at(-1);

  it('no TLS', () => tells({ address: `localhost:${port()}` }, 'UNAVAILABLE', HUNG_UP, RIGHT_PORT));

  it.each(['of another', 'that are so'])('the authorities %s', async (which) => {
    const other = makeCertificate(directory.path, 'other');
    const options =
      which === 'of another' ? { rootCertificates: readFileSync(other.certificate) } : { plaintext: false };
    const mend = "rootCertificates lacks the authority of the server's certificate (";
    await tells({ address: `localhost:${port()}`, ...options }, 'UNAVAILABLE', mend);
  });

  it('of another host', () => {
    const rootCertificates = readFileSync(own.certificate);
    const mend = "The server's certificate is not one of the host that address names (";
    return tells({ address: `127.0.0.1:${port()}`, rootCertificates }, 'UNAVAILABLE', mend);
  });
});
