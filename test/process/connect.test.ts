/** Connect and gRPC-Web on a server in a process of its own: as docs/operations.md says, and with TLS. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Transport } from '@connectrpc/connect';
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { describe, expect, it } from 'vitest';
import { basicHeader, callThrough } from '../http/connect/doors.ts';
import { runShell } from './program.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';
import { HAS_OPENSSL, makeCertificate } from './tls-files.ts';

const HAS_CURL = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0;

describe('Connect', () => {
  const title = 'is spoken by the command of the documentation';
  it.skipIf(!HAS_CURL)(HAS_CURL ? title : `${title} (skipped: there is no curl here)`, async () => {
    const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    const [command = ''] = /^curl .*\/symbolon\.v1\..*$/m.exec(text) ?? [];
    using directory = dataDirectory();
    await using server = await ServerProcess.startDemo({ dataDir: directory.path });
    const { http, user } = server.demo;
    const asked = command.replace('127.0.0.1:8080', http).replace('PASSWORD', user.password);
    const { stdout } = await runShell(asked);
    expect(JSON.parse(stdout)).toMatchObject({ tokens: { subjectId: user.id, kind: 'TOKEN_KIND_USER' } });
    const refused = await runShell(asked.replace(user.password, 'wrong'));
    expect(JSON.parse(refused.stdout)).toMatchObject({
      code: 'failed_precondition',
      details: [{ debug: { reason: 'INVALID_CREDENTIALS' } }],
    });
  });
});

describe('with a certificate', () => {
  const title = 'Connect and gRPC-Web speak TLS';
  it.skipIf(!HAS_OPENSSL)(HAS_OPENSSL ? title : `${title} (skipped: there is no openssl here)`, async () => {
    using directory = dataDirectory();
    const { certificate, key } = makeCertificate(directory.root, 'server');
    await using server = await ServerProcess.startDemo({
      dataDir: directory.path,
      args: ['--tls-cert', certificate, '--tls-key', key],
    });
    const { user, http } = server.demo;
    const options = {
      baseUrl: `https://localhost:${http.slice(http.lastIndexOf(':') + 1)}`,
      httpVersion: '1.1' as const,
      nodeOptions: { ca: readFileSync(certificate) },
    };
    const doors: Transport[] = [
      createConnectTransport({ ...options, useBinaryFormat: false }),
      createConnectTransport({ ...options, useBinaryFormat: true }),
      createGrpcWebTransport(options),
    ];
    const request = { userPassword: { username: user.login_name, password: user.password } };
    for (const door of doors) {
      const { tokens } = await callThrough(door, 'Issue', request, basicHeader('demo'));
      expect(tokens).toMatchObject({ subjectId: user.id });
    }
    const plain = createConnectTransport({ baseUrl: options.baseUrl.replace('https', 'http'), httpVersion: '1.1' });
    await expect(callThrough(plain, 'Issue', request, basicHeader('demo'))).rejects.toThrow();
  });
});
