/** The times of the SDK are its own, for it is shipped by itself. They must be those that the server counts on. */
import { expect, test } from 'vitest';
import { HEARTBEAT_MS, MAX_BOUND_MS } from '../../../sdk/typescript/server/src/core/limits.ts';
import * as server from '../../../src/core/verifiers.ts';

test('a verifier is open no longer than the server waits for', () => {
  expect(MAX_BOUND_MS).toBe(server.MAX_BOUND_MS);
});

test('heartbeats come as often as the contract says, which the server allows', () => {
  expect(HEARTBEAT_MS).toBe(server.HEARTBEAT_MS);
  expect(1_000 / HEARTBEAT_MS).toBeLessThan(server.MAX_HEARTBEATS_PER_SECOND);
});
