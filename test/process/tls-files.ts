/** Self-signed certificates, where there is an openssl to make them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const HAS_OPENSSL = spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0;

export interface TlsPaths {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate of localhost and its key, in PEM files called `name` in a directory. */
export function makeCertificate(directory: string, name: string): TlsPaths {
  const certificate = join(directory, `${name}.crt`);
  const key = join(directory, `${name}.key`);
  const { status, stderr } = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=symbolon test', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    throw new Error(`openssl failed: ${stderr}`);
  }
  return { certificate, key };
}
