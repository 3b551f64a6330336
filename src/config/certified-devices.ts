/** Where devices register by their certificates, and whose certificates those are. */
import { X509Certificate } from 'node:crypto';
import type { Option } from 'commander';
import { parseAddress } from './address.ts';
import { ConfigError, filePem, option } from './flags.ts';
import type { TlsConfig } from './tls.ts';

export interface CertifiedDevicesConfig {
  readonly address: string;
  readonly tenantId: string;
  readonly caPath: string;
  /** As it was at the start: PEM. */
  readonly ca: Buffer;
}

/** The options as commander reads them. */
export interface CertifiedDevicesOptions {
  readonly mtlsAddress?: string;
  readonly deviceCa?: string;
}

export function certifiedDevicesOptions(): Option[] {
  return [
    option(
      '--mtls-address <host:port>',
      'where devices register that have a certificate; needs --device-ca, --artik-tenant and TLS',
    ).argParser(parseAddress),
    option('--device-ca <file>', 'PEM certificates of those who issue certificates of devices'),
  ];
}

/** Undefined when neither is given. Half of it is refused. */
export function certifiedDevicesConfig(
  { mtlsAddress: address, deviceCa: caPath }: CertifiedDevicesOptions,
  tls: TlsConfig | undefined,
  tenantId: string | undefined,
): CertifiedDevicesConfig | undefined {
  if (address === undefined && caPath === undefined) {
    return undefined;
  }
  if (address === undefined || caPath === undefined) {
    const [given, missing] =
      caPath === undefined ? ['--mtls-address', '--device-ca'] : ['--device-ca', '--mtls-address'];
    throw new ConfigError(`${given} is given without ${missing}. Give both`);
  }
  if (tls === undefined) {
    throw new ConfigError('--mtls-address needs a certificate of the server. Give --tls-cert and --tls-key');
  }
  if (tenantId === undefined) {
    throw new ConfigError('--mtls-address needs a tenant whose devices register there. Give --artik-tenant');
  }
  return { address, tenantId, caPath, ca: readDeviceCa(caPath) };
}

/** Throws with a message that names the flag, the file and the mend. */
export function readDeviceCa(path: string): Buffer {
  const pem = filePem('--device-ca', path);
  try {
    new X509Certificate(pem);
  } catch {
    throw new ConfigError(`--device-ca ${path} holds no certificate in PEM form. Name a file that does`);
  }
  return pem;
}
