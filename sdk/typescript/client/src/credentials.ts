/** Who calls, and whether what is said on the way can be read. */
import { isIPv4 } from 'node:net';
import { ChannelCredentials, type ChannelOptions, Metadata } from '@grpc/grpc-js';
import type { ConnectionOptions } from './options.ts';

/** Names the client in each call that it goes with. A public client has an empty secret. */
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

/** Of every channel: what comes of the environment must not lead it somewhere else, nor repeat what the contract says is not repeated. */
export function channelOptions(address: string): ChannelOptions {
  return {
    // Else a TXT record of the server's name would be taken in place of what is written here.
    'grpc.service_config_disable_resolution': 1,
    // A proxy would get what is meant for this machine only, and in the clear.
    ...(isLoopback(address) ? { 'grpc.enable_http_proxy': 0 } : {}),
  };
}

/** Whether it leads nowhere but to this machine. */
function isLoopback(address: string): boolean {
  const [, host = ''] = /^(?:(?:dns|ipv4|ipv6):(?:\/\/\/)?)?([^:/]+|\[::1\]):\d+$/.exec(address) ?? [];
  const isOfLoopback = isIPv4(host) ? host.startsWith('127.') : host === 'localhost' || host === '[::1]';
  return isOfLoopback || address.startsWith('unix:');
}
