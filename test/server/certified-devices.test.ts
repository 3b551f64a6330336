/** The listener for devices takes other issuers when their file changes, and keeps those that it has when the file can't be used. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, it } from 'vitest';
import { CertifiedDevicesDoor } from '../../src/server/certified-devices.ts';
import { LogTape } from '../http/support.ts';
import { openMemoryTestBed, temporaryDirectory } from '../support.ts';

const TLS = {
  certificate: readFileSync(new URL('../http/fixtures/localhost-cert.pem', import.meta.url)),
  key: readFileSync(new URL('../http/fixtures/localhost-key.pem', import.meta.url)),
};

it('holds new connections to the issuers that its file has', async () => {
  const directory = temporaryDirectory();
  const at = (name: string) => join(directory.path, name);
  for (const name of ['one', 'two']) {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', at(`${name}.key`)];
    const args = ['req', '-x509', ...key, '-days', '2', '-subj', `/CN=${name}`, '-out', at(`${name}.pem`)];
    execFileSync('openssl', args, { stdio: 'ignore' });
  }
  copyFileSync(at('one.pem'), at('ca.pem'));
  const bed = await openMemoryTestBed();
  const tape = new LogTape();
  const config = { address: '127.0.0.1:0', tenantId: 'acme', caPath: at('ca.pem'), ca: readFileSync(at('ca.pem')) };
  const door = await CertifiedDevicesDoor.start({ config, tls: TLS, services: bed.services, log: tape.log });
  const port = Number(door.address.split(':')[1]);
  const letsIn = (name: string) =>
    new Promise<boolean>((resolve) => {
      const own = { cert: readFileSync(at(`${name}.pem`)), key: readFileSync(at(`${name}.key`)) };
      const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: TLS.certificate, ...own });
      // A client of TLS 1.3 learns that it was refused when it reads.
      socket.on('error', () => resolve(false)).on('close', () => resolve(false));
      socket.setTimeout(5_000, () => socket.destroy());
      socket.on('data', () => {
        socket.destroy();
        resolve(true);
      });
      socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    });
  try {
    expect([await letsIn('one'), await letsIn('two')]).toEqual([true, false]);
    writeFileSync(at('ca.pem'), 'no certificate');
    door.look();
    expect([await letsIn('one'), await letsIn('two')]).toEqual([true, false]);
    copyFileSync(at('two.pem'), at('ca.pem'));
    door.look();
    expect([await letsIn('one'), await letsIn('two')]).toEqual([false, true]);
    door.useCertificate(TLS);
    expect([await letsIn('one'), await letsIn('two')]).toEqual([false, true]);
  } finally {
    await door.drain(0);
    await bed.close();
    directory.remove();
  }
});
