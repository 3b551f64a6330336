/** Checks, as a service makes them and a server sees them. */
import { inspect } from 'node:util';
import { Metadata, status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { SymbolonError } from '../../../sdk/typescript/server/src/index.ts';
import { eventually } from '../../process/program.ts';
import { ScriptedServer } from './scripted-server.ts';

const TOKEN = 'syu_one';

it('asks once, and answers from memory then, at once', async () => {
  await using server = await ScriptedServer.start();
  const { verifier } = await server.opened();
  using _ = verifier;
  const first = await verifier.check(TOKEN);
  expect(first).toMatchObject({ kind: 'user', tokenId: `ta_${TOKEN}`, tenantId: 'demo', clientId: 'app' });
  // The verifier is closed when this machine stalls. It opens again.
  await eventually('from memory', () => verifier.kept(TOKEN));
  expect(Object.isFrozen(first)).toBe(true);
});

it('asks for what misses together in one call, and for each token once', async () => {
  await using server = await ScriptedServer.start();
  using verifier = server.verifier();
  const checks = Array.from({ length: 100 }, (_, index) => verifier.check(`syu_${index % 3}`));
  const callers = await Promise.all(checks);
  expect(callers.map((caller) => caller?.tokenId).slice(0, 4)).toEqual([
    'ta_syu_0',
    'ta_syu_1',
    'ta_syu_2',
    'ta_syu_0',
  ]);
  expect(server.calls).toEqual([['syu_0', 'syu_1', 'syu_2']]);
});

it('asks for thousands in calls of 250', async () => {
  await using server = await ScriptedServer.start();
  using verifier = server.verifier();
  await Promise.all(Array.from({ length: 600 }, (_, index) => verifier.check(`syu_${index}`)));
  expect(server.calls.map(({ length }) => length)).toEqual([250, 250, 100]);
});

it('keeps no more tokens than it is let', async () => {
  await using server = await ScriptedServer.start();
  using verifier = server.verifier({ maxEntries: 10 });
  await Promise.all(Array.from({ length: 25 }, (_, index) => verifier.check(`syu_${index}`)));
  expect(verifier.size).toBe(10);
});

it('asks at each check of a token that is not live', async () => {
  await using server = await ScriptedServer.start();
  server.live = undefined;
  const { verifier } = await server.opened();
  using _ = verifier;
  expect(await verifier.check(TOKEN)).toBeUndefined();
  expect(await verifier.check(TOKEN)).toBeUndefined();
  expect(server.calls).toHaveLength(2);
  expect(verifier.size).toBe(0);
});

it('asks nobody for what can be no token', async () => {
  await using server = await ScriptedServer.start();
  using verifier = server.verifier();
  const rubbish = ['', ' ', 'a b', 'ü'.repeat(20), 'a'.repeat(121), '\ud800', '\0', undefined as unknown as string];
  expect(await Promise.all(rubbish.map((text) => verifier.check(text)))).toEqual(rubbish.map(() => undefined));
  expect(server.calls).toEqual([]);
});

it('keeps nothing of a server that does not say what is left of a token', async () => {
  await using server = await ScriptedServer.start();
  server.live = { timeToLive: undefined };
  const { verifier } = await server.opened();
  using _ = verifier;
  await verifier.check(TOKEN);
  const again = verifier.check(TOKEN);
  expect(again).toBeInstanceOf(Promise);
  await again;
});

it('tells a caller of a kind that it does not know', async () => {
  await using server = await ScriptedServer.start();
  server.live = { kind: 99 as never };
  using verifier = server.verifier();
  expect(await verifier.check(TOKEN)).toMatchObject({ kind: 'unknown' });
});

it.for([
  ['UNAUTHENTICATED', false, /clientId and a clientSecret that are good/],
  ['PERMISSION_DENIED', false, /INTROSPECT to check tokens/],
  ['UNIMPLEMENTED', false, /version of this package/],
  ['RESOURCE_EXHAUSTED', true, /too much/],
] as const)('fails with %s, and says active of nothing', async ([code, retryable, message]) => {
  await using server = await ScriptedServer.start();
  using verifier = server.verifier();
  server.error = { code: status[code], details: 'too much', metadata: new Metadata() };
  const error = await failureOf(verifier.check(TOKEN));
  expect(error).toMatchObject({ code, retryable, message: expect.stringMatching(message) });
});

it('fails where nobody listens, without waiting for long', async () => {
  const server = await ScriptedServer.start();
  await server[Symbol.asyncDispose]();
  using verifier = server.verifier();
  expect(await failureOf(verifier.check(TOKEN))).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
});

it('fails once it is closed, also what is on its way', async () => {
  await using server = await ScriptedServer.start();
  const { verifier } = await server.opened();
  await verifier.check(TOKEN);
  const asked = verifier.check('syu_two');
  verifier.close();
  expect(await failureOf(asked)).toMatchObject({ code: 'CANCELLED' });
  expect(await failureOf(verifier.check(TOKEN))).toMatchObject({
    ...{ code: 'CANCELLED', message: 'The verifier is closed: make a new one', retryable: false },
  });
  expect(verifier.size).toBe(0);
});

it('shows neither tokens nor secrets', async () => {
  await using server = await ScriptedServer.start();
  using verifier = server.verifier();
  const caller = await verifier.check('syu_hidden');
  server.error = { code: status.INTERNAL, details: 'broken', metadata: new Metadata() };
  const error = await failureOf(verifier.check('syu_secret'));
  for (const thing of [verifier, error]) {
    const shown = `${inspect(thing, { depth: 20, showHidden: true })} ${JSON.stringify(thing)} ${thing}`;
    expect(shown).not.toMatch(/syu_|sys_/);
  }
  expect(caller).toBeDefined();
});

it('speaks TLS unless the server is on this machine', async () => {
  const ends: string[] = [];
  await using server = await ScriptedServer.start();
  using verifier = server.verifier({ plaintext: false, onWatchEnd: ({ code }) => ends.push(code) });
  expect(await failureOf(verifier.check(TOKEN))).toMatchObject({ code: 'UNAVAILABLE' });
  expect(server.calls).toEqual([]);
});

async function failureOf(check: unknown): Promise<unknown> {
  const error = await Promise.resolve(check).then(
    (caller) => new Error(`answered ${inspect(caller)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SymbolonError);
  return error;
}
