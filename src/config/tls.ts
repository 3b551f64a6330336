/** The certificate of the servers and its key: read, and checked to belong together. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { TlsFiles } from '../calls/tls.ts';
import { reasonOf } from '../core/reason.ts';
import { ConfigError, filePem, secretPem } from './flags.ts';

/** Where they are. */
export interface TlsPaths {
  readonly certificate: string;
  readonly key: string;
}

/** Where they are, and what was there at the start. */
export interface TlsConfig {
  readonly paths: TlsPaths;
  readonly files: TlsFiles;
}

/** Undefined when neither is given. */
export function tlsConfig(certificate: string | undefined, key: string | undefined): TlsConfig | undefined {
  if (certificate === undefined && key === undefined) {
    return undefined;
  }
  if (certificate === undefined || key === undefined) {
    const [given, missing] = key === undefined ? ['--tls-cert', '--tls-key'] : ['--tls-key', '--tls-cert'];
    throw new ConfigError(`${given} is given without ${missing}. Give both`);
  }
  const paths = { certificate, key };
  return { paths, files: readTls(paths) };
}

/** Throws with a message that names the flag, the file and the mend. */
export function readTls(paths: TlsPaths): TlsFiles {
  const certificate = readPem('--tls-cert', paths.certificate, 'certificate', (pem) => new X509Certificate(pem));
  const key = readPem('--tls-key', paths.key, 'private key without a passphrase', createPrivateKey);
  try {
    createSecureContext({ cert: certificate, key });
  } catch (error) {
    throw new ConfigError(
      `--tls-cert ${paths.certificate} and --tls-key ${paths.key} can't be used: ${reasonOf(error)}. ` +
        'Give a certificate and its own key',
    );
  }
  return { certificate, key };
}

/** The servers would fail at it too, but could not tell which file is wrong. */
function readPem(flag: string, path: string, what: string, parse: (pem: Buffer) => unknown): Buffer {
  const pem = filePem(flag, path);
  try {
    parse(pem);
  } catch {
    throw new ConfigError(`${flag} ${path} holds no ${what} in PEM form. Name a file that does`);
  }
  // After that, for who names a certificate as the key learns more from it.
  return flag === '--tls-key' ? secretPem(flag, path) : pem;
}
