/** Where a call comes from, as failed logins are counted by it: the same text through every surface. */
import { isIPv6 } from 'node:net';

/** This machine's own addresses, where a proxy stands and no guesser. */
const LOOPBACK = /^(127\.|::1$)/;
const MAPPED_V4 = /^::ffff:(?=[0-9.]+$)/i;
/** One host of IPv6 has a whole /64 (RFC 4291 section 2.5.1), so its addresses count as one. */
const HOST_GROUPS = 4;
const ALL_GROUPS = 8;

/** An IPv4 address, also where it came mapped into IPv6, or an IPv6 network; undefined for this machine itself. */
export function peerAddress(address: string | undefined): string | undefined {
  const plain = address?.replace(MAPPED_V4, '');
  if (plain === undefined || plain === '' || LOOPBACK.test(plain)) {
    return undefined;
  }
  return isIPv6(plain) ? networkOf(plain) : plain;
}

/** Whose share of what is bounded for each peer a connection takes: a proxy on this machine has one too. */
export function peerOf(address: string | undefined): string {
  return peerAddress(address) ?? address?.replace(MAPPED_V4, '') ?? '';
}

/** `2001:db8::7` is in `2001:db8:0:0::/64`. */
function networkOf(address: string): string {
  const [head = '', tail = ''] = address.split('%', 1)[0]?.split('::') ?? [];
  const [first, last] = [head, tail].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array.from({ length: ALL_GROUPS - (first?.length ?? 0) - (last?.length ?? 0) }, () => '0');
  const groups = address.includes('::') ? [...(first ?? []), ...zeros, ...(last ?? [])] : (first ?? []);
  const network = groups.slice(0, HOST_GROUPS).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

/** The address of `10.0.0.7:41234` or `[2001:db8::1]:41234`; empty for a peer without one, at a Unix socket. */
export function addressOf(peer: string): string {
  return peer.slice(0, Math.max(0, peer.lastIndexOf(':'))).replace(/^\[|\]$/g, '');
}
