import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { certifiedDevicesConfig } from '../../src/config/certified-devices.ts';
import type { TlsConfig } from '../../src/config/tls.ts';

const CA = fileURLToPath(new URL('../http/fixtures/localhost-cert.pem', import.meta.url));
const TLS = {} as TlsConfig;
const BOTH = { mtlsAddress: '127.0.0.1:0', deviceCa: CA };

it('is nothing where nothing is said, and whole where all is', () => {
  expect(certifiedDevicesConfig({}, TLS, 'acme')).toBeUndefined();
  expect(certifiedDevicesConfig(BOTH, TLS, 'acme')).toEqual({
    address: '127.0.0.1:0',
    tenantId: 'acme',
    caPath: CA,
    ca: readFileSync(CA),
  });
});

it.each([
  ['no issuers', { mtlsAddress: '127.0.0.1:0' }, TLS, 'acme', '--mtls-address is given without --device-ca'],
  ['no address', { deviceCa: CA }, TLS, 'acme', '--device-ca is given without --mtls-address'],
  ['no certificate of the server', BOTH, undefined, 'acme', 'Give --tls-cert and --tls-key'],
  ['no tenant', BOTH, TLS, undefined, 'Give --artik-tenant'],
  ['a file of something else', { ...BOTH, deviceCa: fileURLToPath(import.meta.url) }, TLS, 'acme', 'in PEM form'],
] as const)('is refused with %s', (_, options, tls, tenantId, message) => {
  expect(() => certifiedDevicesConfig(options, tls, tenantId)).toThrow(message);
});
