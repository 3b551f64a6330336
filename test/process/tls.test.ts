/** TLS on both servers, and what may listen without it. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { ChannelCredentials } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { basic, failureOf, TokenClient } from './grpc-client.ts';
import { getHealth } from './rest-client.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';
import { HAS_OPENSSL, makeCertificate } from './tls-files.ts';

const ANY_ADDRESS = ['--grpc-address', '0.0.0.0:0', '--http-address', '0.0.0.0:0'];

function onLoopback(address: string): string {
  return address.replace('0.0.0.0', 'localhost');
}

describe('with a certificate', () => {
  const title = 'gRPC and REST speak TLS, on any address, and nothing else';
  it.skipIf(!HAS_OPENSSL)(HAS_OPENSSL ? title : `${title} (skipped: there is no openssl here)`, async () => {
    using directory = dataDirectory();
    const { certificate, key } = makeCertificate(directory.root, 'server');
    await using server = await ServerProcess.startDemo({
      dataDir: directory.path,
      args: [...ANY_ADDRESS, '--tls-cert', certificate, '--tls-key', key],
    });
    const { admin } = server.demo;
    const ca = readFileSync(certificate);
    const grpc = onLoopback(server.grpcAddress);
    const http = onLoopback(server.httpAddress);

    const authorization = basic(admin.client_id, admin.client_secret);
    using client = new TokenClient(grpc, authorization, ChannelCredentials.createSsl(ca));
    const { accessToken } = await client.issueToClient(admin);
    expect(await client.isActive(accessToken)).toBe(true);
    expect(await getSecurely(`https://${http}/health`, ca)).toMatchObject({ status: 'SERVING' });

    using plain = new TokenClient(grpc, authorization);
    expect((await failureOf(plain.isActive(accessToken))).status).toBe('UNAVAILABLE');
    await expect(getHealth(http)).rejects.toThrow();
    using stranger = new TokenClient(grpc, authorization, ChannelCredentials.createSsl());
    expect((await failureOf(stranger.isActive(accessToken))).status).toBe('UNAVAILABLE');
  });
});

describe('without a certificate', () => {
  it('an address other than loopback serves when --insecure-plaintext says so', async () => {
    using directory = dataDirectory();
    const args = [...ANY_ADDRESS, '--insecure-plaintext'];
    await using server = await ServerProcess.startDemo({ dataDir: directory.path, args });
    const { admin } = server.demo;
    using client = new TokenClient(onLoopback(server.grpcAddress), basic(admin.client_id, admin.client_secret));
    expect(await client.isActive((await client.issueToClient(admin)).accessToken)).toBe(true);
    expect((await getHealth(onLoopback(server.httpAddress))).status).toBe(200);
  });
});

function getSecurely(url: string, ca: Buffer): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request(url, { ca, agent: false }, (answer) => text(answer).then((body) => resolve(JSON.parse(body)), reject))
      .once('error', reject)
      .end();
  });
}
