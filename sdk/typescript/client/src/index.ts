export type { CallOptions, Calls, Streaming, Unary } from './calls.ts';
export { Client, type ClientOptions } from './client.ts';
export { FileStore } from './file-store.ts';
export * from './login/index.ts';
export { type CodeSignIn, Login, type NodeLoginOptions, type Onboarding } from './login.ts';
export type { ConnectionOptions } from './options.ts';
