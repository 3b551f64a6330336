/** What a service gives a verifier: mistakes are told when it is made, by the option's name, and cost no check and no process. */
import { rootCertificates } from 'node:tls';
import { expect, it } from 'vitest';
import { SymbolonError, Verifier, type VerifierOptions } from '../../../sdk/typescript/server/src/index.ts';

const RIGHT = { address: '127.0.0.1:1', clientId: 'a', clientSecret: 'b' };
const [PEM = ''] = rootCertificates;

it.for([
  [{ address: '' }, /^address must be a text/],
  [{ address: 'http://127.0.0.1:1' }, /^address must be host:port/],
  [{ address: 'https://tokens.example.com:443' }, /^address must be host:port/],
  // gRPC would take port 443.
  [{ address: '127.0.0.1' }, /^address must be host:port/],
  [{ address: 'not a host:1' }, /^address must be host:port/],
  [{ clientId: '' }, /^clientId/],
  [{ clientSecret: undefined }, /^clientSecret/],
  [{ clientSecret: Buffer.from('b') }, /^clientSecret/],
  [{ clientSecret: '\ud800' }, /^clientSecret/],
  [{ plaintext: 'false' }, /^plaintext must be true or false/],
  [{ rootCertificates: './ca.pem' }, /^rootCertificates must be certificates in PEM/],
  [{ rootCertificates: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }, /^rootCertificates must be/],
  [{ rootCertificates: PEM, plaintext: true }, /^plaintext must not be true/],
  [{ timeoutMs: 0 }, /^timeoutMs must be a whole number from 1 to 60000/],
  [{ timeoutMs: Number.NaN }, /^timeoutMs/],
  [{ timeoutMs: Number.POSITIVE_INFINITY }, /^timeoutMs/],
  [{ timeoutMs: '2s' }, /^timeoutMs/],
  [{ maxEntries: 0 }, /^maxEntries must be a whole number of 1 or more/],
  [{ maxEntries: 1.5 }, /^maxEntries/],
  [{ onWatchEnd: 'log' }, /^onWatchEnd must be a function/],
] as const)('%j is refused', ([wrong, message]) => {
  const make = () => new Verifier({ ...RIGHT, ...wrong } as unknown as VerifierOptions);
  expect(make).toThrow(SymbolonError);
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }));
});

it.for([
  { address: 'localhost:1' },
  { address: '[::1]:1' },
  { address: 'dns:///localhost:1' },
  { address: 'ipv4:127.0.0.1:1' },
  { address: 'unix:/nobody/listens/here' },
  { rootCertificates: PEM },
  { rootCertificates: Buffer.from(`a comment\n${PEM}\n${PEM}`) },
  { plaintext: false, timeoutMs: 60_000, maxEntries: 1 },
])('%j is taken', (right) => {
  new Verifier({ ...RIGHT, ...right }).close();
});
