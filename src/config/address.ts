/** Where a server listens. */
import { InvalidArgumentError } from 'commander';
import { isLoopbackHost } from './flags.ts';

export function parseAddress(text: string): string {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]/]+):([0-9]{1,5})$/.exec(text);
  if (match === null || Number(match[2]) > 65_535) {
    throw new InvalidArgumentError('It must be host:port, for example 127.0.0.1:50051 or [::1]:50051.');
  }
  return text;
}

export function isLoopback(address: string): boolean {
  return isLoopbackHost(address.slice(0, address.lastIndexOf(':')));
}
