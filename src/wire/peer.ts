/** Where a call comes from, as failed logins are counted by it: the same text through every surface. */

/** This machine's own addresses, where a proxy stands and no guesser. */
const LOOPBACK = /^(127\.|::1$)/;
const MAPPED_V4 = /^::ffff:(?=[0-9.]+$)/i;

/** An address without its port, IPv4 also where it came mapped into IPv6; undefined for this machine itself. */
export function peerAddress(address: string | undefined): string | undefined {
  const plain = address?.replace(MAPPED_V4, '');
  return plain === undefined || plain === '' || LOOPBACK.test(plain) ? undefined : plain;
}
