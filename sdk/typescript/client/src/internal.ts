/** What the packages of Symbolon share. It may change with every version: use the entry `@symbolon/client`. */
export { callerMetadata, channelOptions, credentialsOf } from './credentials.ts';
export { SymbolonError } from './errors/symbolon-error.ts';
export { toSymbolonError } from './grpc-errors.ts';
export {
  CONNECTION_OPTIONS,
  type ConnectionOptions,
  checkConnection,
  type Names,
  requireNames,
  requireNumber,
  requireOption,
  requireSecret,
  TIMEOUT_MS,
} from './options.ts';
export { watchSockets } from './sockets.ts';
