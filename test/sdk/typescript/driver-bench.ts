/** What the benchmark asks of the driver: how soon a revoked token is denied, and how often a second one thing is done. */
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { credentials, Metadata } from '@grpc/grpc-js';
import { type IntrospectResponse, TokenServiceClient } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { Client } from '../../../sdk/typescript/client/src/index.ts';
import type { Verifier } from '../../../sdk/typescript/server/src/index.ts';

interface Bench {
  readonly what: string;
  readonly tokens: readonly string[];
  readonly seconds: number;
  readonly address: string;
  readonly client_id: string;
  readonly client_secret: string;
}

/** Asks each millisecond until the token is not live. */
export async function denied(verifier: Verifier, token: string): Promise<object> {
  for (;;) {
    const caller = await verifier.check(token).catch(() => null);
    if (caller === undefined) {
      return { denied_ms: performance.timeOrigin + performance.now() };
    }
    await wait(1);
  }
}

/** Does one thing over and over, one at a time. */
export async function bench(verifier: Verifier, asked: Bench): Promise<object> {
  switch (asked.what) {
    case 'check':
      await Promise.all(asked.tokens.map((token) => verifier.check(token)));
      return { per_second: await checks(verifier, asked) };
    case 'introspect':
      return { per_second: await bySdk(asked) };
    default:
      return { per_second: await byStub(asked) };
  }
}

/** After all tokens it looks at the clock, and lets the heartbeats go. What is not in memory makes it fail. */
async function checks(verifier: Verifier, { tokens, seconds }: Bench): Promise<number> {
  const begun = performance.now();
  let done = 0;
  while (performance.now() - begun < 1_000 * seconds) {
    for (const token of tokens) {
      if ((await verifier.check(token)) === undefined) {
        throw new Error('a token is not live');
      }
    }
    done += tokens.length;
    await turn();
  }
  return (1_000 * done) / (performance.now() - begun);
}

async function bySdk(asked: Bench): Promise<number> {
  const { address, client_id: clientId, client_secret: clientSecret } = asked;
  using client = new Client({ address, clientId, clientSecret });
  return await calls(asked, (token) => client.tokens.introspect({ token }));
}

async function byStub(asked: Bench): Promise<number> {
  const { address, client_id, client_secret } = asked;
  const stub = new TokenServiceClient(address, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`);
  try {
    return await calls(asked, (token) => {
      const { promise, resolve, reject } = Promise.withResolvers<IntrospectResponse>();
      const request = { token, atLeastRevision: 0, maxStaleness: undefined };
      const options = { deadline: Date.now() + 2_000 };
      stub.introspect(request, metadata, options, (error, answer) =>
        error === null ? resolve(answer) : reject(error),
      );
      return promise;
    });
  } finally {
    stub.close();
  }
}

async function calls({ tokens, seconds }: Bench, call: (token: string) => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  let done = 0;
  while (performance.now() - begun < 1_000 * seconds) {
    for (const token of tokens) {
      await call(token);
    }
    done += tokens.length;
  }
  return (1_000 * done) / (performance.now() - begun);
}
