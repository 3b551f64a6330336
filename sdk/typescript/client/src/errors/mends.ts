/** What somebody has to do about an error, in the words of all languages. */

const OF_CODES: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'Give a clientId and a clientSecret that are good',
  PERMISSION_DENIED: 'Give the client the role that the call needs (INTROSPECT to check tokens)',
  UNIMPLEMENTED: 'Bring the server to the version of this package',
};

/** By what OpenSSL, Node and grpc-js say: only their texts come through. */
const OF_CONNECTIONS: readonly (readonly [told: RegExp, mend: string])[] = [
  [/wrong version number|packet length too long/, 'The server speaks without TLS: on a safe network give plaintext'],
  [/ALTNAME_INVALID/, "The server's certificate is not one of the host that address names"],
  [
    /self-signed certificate|unable to (?:verify|get)/,
    "rootCertificates lacks the authority of the server's certificate",
  ],
  [/Name resolution failed|ENOTFOUND|EAI_AGAIN/, 'No such host as address names is known'],
  [/ECONNREFUSED/, 'Nobody listens at address'],
  [
    /Protocol error|no application protocol/,
    'See that address is the port of gRPC, and that both sides speak TLS or neither',
  ],
  [
    /ECONNRESET|EPIPE|Failed to connect|socket disconnected|socket hang up/,
    'The other side hung up. Where that comes each time, see that address is the port of gRPC, and that both sides ' +
      'speak TLS or neither. A server also closes hundreds of connections of one address: make one verifier and keep it',
  ],
];

/** What is told of an error: first what to mend, where that is known, and then what was said. */
export function withMend(code: string, reason: string, told: string): string {
  const said = tidied(told);
  const mend = OF_CODES[code] ?? (code === 'UNAVAILABLE' && reason === '' ? ofConnection(said) : undefined);
  return mend === undefined ? said : `${mend} (${said})`;
}

/** With a reason it is of a server, so that the connection is good. */
function ofConnection(said: string): string | undefined {
  return OF_CONNECTIONS.find(([told]) => told.test(said))?.[1];
}

/** grpc-js tells when it was, and has more lines than one, and ends that say nothing. */
function tidied(told: string): string {
  return told
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ \(\d{4}-\d\d-\d\dT[\d:.]+Z\)/g, '')
    .replace(/\s*\. Resolution note: ?$/, '');
}
