/** Who calls, and whether what is said on the way can be read. */
import { ChannelCredentials, Metadata } from '@grpc/grpc-js';
import type { ConnectionOptions } from './options.ts';

/** Names the client in each call that it goes with. */
export function callerMetadata(clientId: string, clientSecret: string): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Basic ${Buffer.from(pairOf(clientId, clientSecret)).toString('base64')}`);
  return metadata;
}

/** Form-encoded as RFC 6749 section 2.3.1 has it: a secret may have a colon in it. */
function pairOf(clientId: string, clientSecret: string): string {
  return `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
}

/** Plaintext only where it was asked for, or goes nowhere but to this machine. */
export function credentialsOf({ address, rootCertificates, plaintext }: ConnectionOptions): ChannelCredentials {
  if (plaintext ?? (rootCertificates === undefined && isLoopback(address))) {
    return ChannelCredentials.createInsecure();
  }
  return ChannelCredentials.createSsl(rootCertificates === undefined ? null : Buffer.from(rootCertificates));
}

function isLoopback(address: string): boolean {
  return /^(?:(?:dns|ipv4):(?:\/\/\/)?)?(?:localhost|127\.\d+\.\d+\.\d+)(?::\d+)?$|^(?:ipv6:)?\[::1\](?::\d+)?$|^unix:/.test(
    address,
  );
}
