/** A running server gets another certificate: new connections are shown it, by both servers, and those that are open go on. */
import { copyFileSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { ChannelCredentials } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { basic, TokenClient } from './grpc-client.ts';
import { eventually } from './program.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';
import { HAS_OPENSSL, makeCertificate } from './tls-files.ts';

/** Both listen on any address, so that the certificate's name fits. */
const ADDRESSES = [
  '--grpc-address',
  'localhost:0',
  '--http-address',
  'localhost:0',
  '--metrics-address',
  'localhost:0',
  '--log-level',
  'info',
];

/** The subject of the certificate that a new connection is shown. */
function shownBy(address: string): Promise<string> {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: 'localhost', rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] });
    socket.once('error', reject).once('secureConnect', () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
  });
}

async function shown({ grpcAddress, httpAddress, running }: ServerProcess): Promise<string[]> {
  const { metrics } = JSON.parse(running.stderr.split('\n').find((line) => line.includes('"serving"')) ?? '{}');
  return [await shownBy(grpcAddress), await shownBy(httpAddress), await shownBy(metrics)];
}

function all(name: string): string[] {
  return Array(3).fill(`symbolon test ${name}`);
}

const suite = HAS_OPENSSL || process.env.SYMBOLON_CI === '1' ? it : it.skip;
const unless = HAS_OPENSSL ? '' : ' (skipped: there is no openssl here)';

suite(`a pair that is replaced is shown to new connections, a broken one is not, and SIGHUP does not wait${unless}`, async () => {
  using directory = dataDirectory();
  const first = makeCertificate(directory.root, 'first');
  const second = makeCertificate(directory.root, 'second');
  const paths = { certificate: join(directory.root, 'tls.crt'), key: join(directory.root, 'tls.key') };
  const put = ({ certificate, key }: typeof first) => {
    copyFileSync(certificate, paths.certificate);
    copyFileSync(key, paths.key);
  };
  put(first);
  await using server = await ServerProcess.startDemo({
    dataDir: directory.path,
    args: [...ADDRESSES, '--tls-cert', paths.certificate, '--tls-key', paths.key],
  });
  const { admin } = server.demo;
  const ca = ChannelCredentials.createSsl(readFileSync(first.certificate));
  using client = new TokenClient(server.grpcAddress, basic(admin.client_id, admin.client_secret), ca);
  const { accessToken } = await client.issueToClient(admin);
  expect(await shown(server)).toEqual(all('first'));

  writeFileSync(paths.key, readFileSync(second.key).subarray(0, 50));
  server.running.child.kill('SIGHUP');
  await eventually('the refusal', () => server.running.stderr.includes('can’t be used'));
  expect(await shown(server)).toEqual(all('first'));

  put(second);
  server.running.child.kill('SIGHUP');
  await eventually('the second one', () => server.running.stderr.includes('the certificate was replaced'));
  expect(await shown(server)).toEqual(all('second'));
  // By the connection that the first one was shown to: this client would not believe the second.
  expect(await client.isActive(accessToken)).toBe(true);
  using newcomer = new TokenClient(
    server.grpcAddress,
    basic(admin.client_id, admin.client_secret),
    ChannelCredentials.createSsl(readFileSync(second.certificate)),
  );
  expect(await newcomer.isActive(accessToken)).toBe(true);

  put(first);
  await eventually('the first one, without a signal', async () => (await shown(server))[1] === all('first')[1]);
  expect(await shown(server)).toEqual(all('first'));
  expect(await server.running.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

suite(`one that has ended is served, and said at the start; a secret of Kubernetes is followed${unless}`, async () => {
  using directory = dataDirectory();
  const mount = join(directory.root, 'mount');
  mkdirSync(mount);
  const publish = (version: string, validDays: number) => {
    mkdirSync(join(mount, version));
    makeCertificate(join(mount, version), 'tls', { validDays });
    symlinkSync(version, join(mount, '..data_tmp'));
    renameSync(join(mount, '..data_tmp'), join(mount, '..data'));
  };
  publish('..1', -1);
  const paths = { certificate: join(mount, 'tls.crt'), key: join(mount, 'tls.key') };
  symlinkSync('..data/tls.crt', paths.certificate);
  symlinkSync('..data/tls.key', paths.key);
  await using server = await ServerProcess.start({
    dataDir: directory.path,
    args: [...ADDRESSES, '--tls-cert', paths.certificate, '--tls-key', paths.key],
  });
  expect(server.running.stderr).toContain('the certificate has ended');
  expect(await shown(server)).toEqual(all('tls'));
  publish('..2', 30);
  await eventually('the new one', () => server.running.stderr.includes('the certificate was replaced'));
});
