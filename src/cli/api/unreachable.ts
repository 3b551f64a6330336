/** Why a server can't be reached, and what mends it. grpc-js hands on what OpenSSL and HTTP/2 say, which names neither flag nor port. */

/** The first that fits; what fits none is told as it is. */
const HINTS: readonly (readonly [RegExp, (why: string) => string])[] = [
  [/^Name resolution failed/, () => 'its name has no address. Check the spelling'],
  [/wrong version number|packet length too long/i, () => 'it does not speak TLS. Check the port, or say --plaintext'],
  [/no application protocol/, () => 'it does not speak gRPC there. Name the port of gRPC, not that of HTTP'],
  [/^Protocol error/, () => 'it does not speak gRPC there. Name the port of gRPC, not that of HTTP'],
  [
    /^Failed to connect/,
    () =>
      'it closed the connection. With TLS name its certificates by --ca, or say --plaintext off. Otherwise check the port',
  ],
  [/certificate has expired/, (why) => `${why}. Renew it on the server`],
  [
    /self.signed certificate|unable to (verify|get)/,
    (why) => `${why}. Name by --ca the certificates that it is checked by`,
  ],
];

/** `details` as grpc-js gives them. */
export function whyUnreachable(details: string): string {
  const why = details
    .replace(/ Resolution note: *$/, '')
    .replace(/^No connection established\. Last error: /, '')
    .replace(/^Error: /, '')
    .replace(/; if the root CA is installed locally.*$/, '')
    .replace(/\.$/, '');
  const [, tell] = HINTS.find(([pattern]) => pattern.test(why)) ?? [];
  return tell === undefined ? why : tell(why);
}
