/** Where a server listens, or is. */
import { InvalidArgumentError } from 'commander';
import { isLoopbackHost } from './flags.ts';

const FORM = /^(?:\[[0-9a-fA-F:.]+\]|[^\s:[\]/]+):([0-9]{1,5})$/;
const MAX_PORT = 65_535;

/** Where to listen. Port 0 takes a free one. */
export function parseAddress(text: string): string {
  if (!(portIn(text) <= MAX_PORT)) {
    throw new InvalidArgumentError('It must be host:port, for example 127.0.0.1:50051 or [::1]:50051.');
  }
  return text;
}

/** Where a server is that is called. */
export function parseServer(text: string): string {
  const port = portIn(text);
  if (!(port > 0 && port <= MAX_PORT)) {
    throw new InvalidArgumentError('It must be host:port, for example symbolon.example.com:50051.');
  }
  return text;
}

/** NaN for what is not `host:port`. */
function portIn(text: string): number {
  return Number(FORM.exec(text)?.[1]);
}

export function isLoopback(address: string): boolean {
  return isLoopbackHost(address.slice(0, address.lastIndexOf(':')));
}
