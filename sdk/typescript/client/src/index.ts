export type { CallOptions, Calls, Streaming, Unary } from './calls.ts';
export { Client, type ClientOptions } from './client.ts';
export { SymbolonError } from './errors.ts';
export type { ConnectionOptions } from './options.ts';
