/** The listener for devices that have a certificate, and devices with certificates of two issuers. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { artikDeviceDialects } from '../../../src/http/artik/dialect.ts';
import { HttpServer } from '../../../src/http/server.ts';
import { temporaryDirectory } from '../../support.ts';
import type { ArtikBed } from './bed.ts';

const SERVER = {
  certificate: readFileSync(new URL('../fixtures/localhost-cert.pem', import.meta.url)),
  key: readFileSync(new URL('../fixtures/localhost-key.pem', import.meta.url)),
};
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export interface DeviceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: as a test looks into it
  readonly json: any;
}

export interface DeviceAsking {
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface DeviceBed {
  /** `name`: whose certificate is shown; undefined: none is. */
  ask(name: string | undefined, method: string, path: string, asking?: DeviceAsking): Promise<DeviceAnswer>;
  close(): Promise<void>;
}

/**
 * `lamp` and `plug` have certificates of the issuer that is trusted; `renewed-lamp` is another certificate for the key of `lamp`, and
 * `named-lamp` one of the same name for a key of its own. `rogue` has one of another issuer.
 */
export async function openDeviceBed(bed: ArtikBed): Promise<DeviceBed> {
  const directory = temporaryDirectory();
  const at = (name: string) => join(directory.path, name);
  const pem = (name: string) => readFileSync(at(name));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });

  const makeCa = (name: string) =>
    openssl(
      ...['req', '-x509', ...NEW_KEY, '-days', '2', '-subj', `/CN=${name}`],
      ...['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)],
    );
  const sign = (name: string, ca: string) =>
    openssl(
      ...['x509', '-req', '-in', at(`${name}.csr`), '-CA', at(`${ca}.pem`), '-CAkey', at(`${ca}.key`)],
      ...['-CAcreateserial', '-days', '2', '-out', at(`${name}.pem`)],
    );
  const makeDevice = (name: string, ca: string, commonName = name) => {
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)];
    openssl('req', ...NEW_KEY, '-subj', `/CN=${commonName}`, ...files);
    sign(name, ca);
  };
  makeCa('ca');
  makeCa('other-ca');
  makeDevice('lamp', 'ca');
  makeDevice('plug', 'ca');
  makeDevice('named-lamp', 'ca', 'lamp');
  makeDevice('rogue', 'other-ca');
  openssl('pkey', '-in', at('lamp.key'), '-out', at('renewed-lamp.key'));
  openssl('req', '-new', '-key', at('renewed-lamp.key'), '-subj', '/CN=lamp', '-out', at('renewed-lamp.csr'));
  sign('renewed-lamp', 'ca');

  const dialects = artikDeviceDialects('acme');
  const tls = { ...SERVER, clientCa: pem('ca.pem') };
  const { services, tape } = bed;
  const https = await HttpServer.start({ services, log: tape.log, dialects, address: '127.0.0.1:0', tls });

  const ask: DeviceBed['ask'] = (name, method, path, { body, headers = {} } = {}) => {
    const own = name === undefined ? {} : { cert: pem(`${name}.pem`), key: pem(`${name}.key`) };
    const [host, port] = https.address.split(':');
    const options = { host, port, path, method, ca: SERVER.certificate, servername: 'localhost', agent: false, ...own };
    return new Promise((resolve, reject) => {
      const asking = request({ ...options, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => {
          const json = text.startsWith('{') ? JSON.parse(text) : undefined;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      });
      asking.on('error', reject);
      asking.end(body);
    });
  };
  const close = async () => {
    await https.drain(0);
    directory.remove();
  };
  return { ask, close };
}
