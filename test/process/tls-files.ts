/** Self-signed certificates, where there is an openssl to make them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const HAS_OPENSSL = spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0;

export interface TlsPaths {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** Negative: it has ended. */
  readonly validDays?: number;
  /** Of the machines that it is for: `DNS:localhost` unless told otherwise. */
  readonly names?: string;
  /** Signs it in its own place. */
  readonly issuer?: TlsPaths;
}

/** A certificate and its key, in PEM files called `name` in a directory. */
export function makeCertificate(
  directory: string,
  name: string,
  { validDays = 2, names = 'DNS:localhost', issuer }: CertificateOptions = {},
): TlsPaths {
  const certificate = join(directory, `${name}.crt`);
  const key = join(directory, `${name}.key`);
  openssl([
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', String(Math.max(1, validDays))],
    ...(issuer === undefined ? [] : ['-CA', issuer.certificate, '-CAkey', issuer.key]),
    ...['-subj', `/CN=symbolon test ${name}`, '-addext', `subjectAltName=${names}`],
    ...['-keyout', key, '-out', certificate],
  ]);
  if (validDays < 0) {
    openssl(['x509', '-in', certificate, '-signkey', key, '-days', String(validDays), '-out', certificate]);
  }
  return { certificate, key };
}

function openssl(args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`openssl failed: ${stderr}`);
  }
}
