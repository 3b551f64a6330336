/** What a service gives a verifier: mistakes are told when it is made, by the option's name, and cost no check and no process. */
import { rootCertificates } from 'node:tls';
import { expect, it } from 'vitest';
import { Client } from '../../../sdk/typescript/client/src/index.ts';
import { credentialsOf } from '../../../sdk/typescript/client/src/internal.ts';
import { SymbolonError, Verifier, type VerifierOptions } from '../../../sdk/typescript/server/src/index.ts';

const RIGHT = { address: '127.0.0.1:1', clientId: 'a', clientSecret: 'b' };
const [PEM = ''] = rootCertificates;

it.for([
  [{ address: '' }, /^address must be a text/],
  [{ address: 'http://127.0.0.1:1' }, /^address must be host:port .* and not a URL$/],
  [{ address: 'https://tokens.example.com:443' }, /^address must be host:port .* and not a URL$/],
  [{ address: 'grpc://127.0.0.1:50051' }, /^address must be host:port .* and not a URL$/],
  // gRPC would take port 443.
  [{ address: '127.0.0.1' }, /^address must be host:port .* its port is missing$/],
  [{ address: '[::1]' }, /^address must be host:port .* its port is missing$/],
  [{ address: 'localhost:' }, /^address must be host:port .* its port is missing$/],
  [{ address: '::1:50051' }, /^address must be host:port .* an IPv6 address in brackets$/],
  [{ address: 'not a host:1' }, /^address must be host:port/],
  [{ address: 'grpc:localhost:1' }, /^address must be host:port/],
  [{ address: 'localhost:1/path' }, /^address must be host:port/],
  [{ address: 'user@localhost:1' }, /^address must be host:port/],
  [{ address: 'localhost:0' }, /^address must be host:port/],
  [{ address: 'localhost:65536' }, /^address must be host:port/],
  [{ address: '127.0.0.1:1\n' }, /^address must be host:port/],
  [{ clientId: '' }, /^clientId/],
  [{ clientSecret: undefined }, /^clientSecret/],
  [{ clientSecret: Buffer.from('b') }, /^clientSecret/],
  [{ clientSecret: '\ud800' }, /^clientSecret/],
  [{ clientSecret: 'b\n' }, /^clientSecret must not end with a line break: trim it/],
  [{ clientSecret: 'b\r\n' }, /^clientSecret must not end with a line break/],
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
  [
    { timeout: 3 },
    /^timeout is not an option. The options are address, .*timeoutMs, clientSecret, maxEntries, onWatchEnd$/,
  ],
] as const)('%j is refused', ([wrong, message]) => {
  const make = () => new Verifier({ ...RIGHT, ...wrong } as unknown as VerifierOptions);
  expect(make).toThrow(SymbolonError);
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }));
});

it('without options it is refused, too', () => {
  for (const options of [undefined, null, 'localhost:1']) {
    const make = () => new Verifier(options as never);
    expect(make).toThrow(SymbolonError);
    expect(make).toThrow('options must be an object');
  }
});

it('goes on with no secret that can’t be one', () => {
  using verifier = new Verifier(RIGHT);
  using client = new Client(RIGHT);
  for (const secret of ['', 'b\n', undefined as never]) {
    expect(() => verifier.useClientSecret(secret)).toThrow(/^clientSecret must/);
    expect(() => client.useClientSecret(secret)).toThrow(/^clientSecret must/);
  }
  expect(() => new Client({ ...RIGHT, clientSecret: 'b\n' })).toThrow('clientSecret must not end with a line break');
});

it('what is not a text is not live, and nobody is asked', async () => {
  using verifier = new Verifier(RIGHT);
  for (const token of [undefined, null, 1, ['a'], {}]) {
    expect(await verifier.check(token as never)).toBeUndefined();
    expect(verifier.kept(token as never)).toBeUndefined();
  }
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

it.for([
  [
    'plaintext',
    ['localhost:1', 'dns:localhost:1', 'dns:///127.8.8.8:1', 'ipv4:127.0.0.1:1', '[::1]:1', 'ipv6:[::1]:1', 'unix:/x'],
  ],
  ['TLS', ['127.999.1.1:1', '127.1:1', '127.0.0.01:1', '1277.0.0.1:1', '127.0.0.1.example:1', 'localhost.example:1']],
  [
    'TLS',
    ['dns://127.0.0.1/example:1', 'dns://9.9.9.9/localhost:1', 'ipv4:127.0.0.1:1,10.0.0.1:1', '0.0.0.0:1', '[::2]:1'],
  ],
  ['TLS', ['١٢٧.0.0.1:1', '127.0.0.1\u0000:1', 'LOCALHOST:1', 'UNIX:/x', 'ipv6:[::1].example:1']],
] as const)('by itself it speaks %s to %j', ([what, addresses]) => {
  for (const address of addresses) {
    const credentials = credentialsOf({ ...RIGHT, address });
    expect(credentials._isSecure() ? 'TLS' : 'plaintext', address).toBe(what);
  }
});
