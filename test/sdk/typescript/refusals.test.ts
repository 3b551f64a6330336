/** What the SDK does when the server refuses its client: it asks seldom, tells the service, and takes another secret. */
import { Metadata, status } from '@grpc/grpc-js';
import { expect, it, onTestFinished, vi } from 'vitest';
import { SymbolonError } from '../../../sdk/typescript/server/src/index.ts';
import { warnings } from '../../../sdk/typescript/server/src/warnings.ts';
import { eventually } from '../../process/program.ts';
import { ScriptedServer } from './scripted-server.ts';

const CHECKS = 40;
const BASIC_OF_NEW = `Basic ${Buffer.from('verifier:sys_new').toString('base64')}`;

function refusal(code: status) {
  return { code, details: 'refused', metadata: new Metadata() };
}

it.for(['UNAUTHENTICATED', 'PERMISSION_DENIED', 'UNIMPLEMENTED'] as const)(
  'after %s thousands of checks are not thousands of calls, and each is an error',
  async (code) => {
    await using server = await ScriptedServer.start();
    server.error = refusal(status[code]);
    using verifier = server.verifier();
    for (let count = 0; count < CHECKS; count += 1) {
      await expect(verifier.check(`syu_${count}`)).rejects.toMatchObject({ code, retryable: false });
    }
    // One a second.
    expect(server.calls.length).toBeLessThan(CHECKS / 2);
    server.error = undefined;
    await eventually('mended', () =>
      Promise.resolve(verifier.check('syu_one')).then(
        (caller) => caller,
        () => undefined,
      ),
    );
  },
);

it.for(['RESOURCE_EXHAUSTED', 'INTERNAL'] as const)('after %s the next check asks', async (code) => {
  await using server = await ScriptedServer.start();
  server.error = refusal(status[code]);
  using verifier = server.verifier();
  await expect(verifier.check('syu_one')).rejects.toMatchObject({ code });
  server.error = undefined;
  expect(await verifier.check('syu_one')).toBeDefined();
});

it('what ends the watch of a service that listens to none of it is a warning of Node, and no secret is in it', async () => {
  const told: Error[] = [];
  const listener = (warning: Error) => told.push(warning);
  process.on('warning', listener);
  onTestFinished(() => void process.off('warning', listener));
  await using server = await ScriptedServer.start();
  server.error = refusal(status.UNAUTHENTICATED);
  using _ = server.verifier({ onWatchEnd: undefined as never });
  (await server.stream(0)).fail(status.UNAUTHENTICATED, 'refused');
  const warning = await eventually('warned', () => told.find(({ name }) => name === 'SymbolonWarning'));
  expect(warning.message).toMatch(/^The watch ended: UNAUTHENTICATED: Give .* \(refused\)\..* each check is a call$/);
  expect(warning.message).not.toContain('sys_secret');
});

it('warns of one cause once a minute, and of another at once', async () => {
  const told: string[] = [];
  const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation((message) => void told.push(String(message)));
  onTestFinished(() => emitWarning.mockRestore());
  let time = 0;
  const warn = warnings(() => time);
  const after = (ms: number, code: string) => {
    time += ms;
    warn(new SymbolonError(code, code), 100);
  };
  after(0, 'UNAVAILABLE');
  after(59_999, 'UNAVAILABLE');
  after(1, 'UNAVAILABLE');
  after(1, 'UNAUTHENTICATED');
  after(1, 'UNAUTHENTICATED');
  // In turns, as with two servers behind one address.
  after(1, 'UNAVAILABLE');
  expect(told.map((each) => each.split('.')[0])).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'UNAUTHENTICATED']);
});

it('where memory answers, what the server refuses changes nothing', async () => {
  await using server = await ScriptedServer.start();
  const { verifier } = await server.opened();
  using _ = verifier;
  await verifier.check('syu_one');
  server.error = refusal(status.UNAUTHENTICATED);
  await expect(verifier.check('syu_two')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await eventually('from memory', () => verifier.kept('syu_one'));
});

it('another secret is taken at once, for the stream and for checks, and nothing that was kept is lost', async () => {
  await using server = await ScriptedServer.start();
  const ends: SymbolonError[] = [];
  const { verifier, stream } = await server.opened({ onWatchEnd: (error) => ends.push(error) });
  using _ = verifier;
  await verifier.check('syu_one');
  // So long that the test would fail if it were waited for.
  stream.failFor(status.UNAUTHENTICATED, 10_000);
  await eventually('told', () => ends.length === 1 || undefined);
  expect(ends).toMatchObject([{ code: 'UNAUTHENTICATED', retryable: false, retryAfterMs: 10_000_000 }]);
  server.error = refusal(status.UNAUTHENTICATED);
  await expect(verifier.check('syu_two')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  server.error = undefined;
  verifier.useClientSecret('sys_new');
  expect(await verifier.check('syu_two')).toBeDefined();
  const next = await server.stream(1);
  expect(next.authorization).toBe(BASIC_OF_NEW);
  expect(next.start?.resumeRevision).toBe(1);
  expect(verifier.size).toBe(2);
  expect(() => verifier.useClientSecret('')).toThrow(/clientSecret/);
});

it('a refusal of the secret before, which comes after the next one was given, stops no checks', async () => {
  await using server = await ScriptedServer.start();
  using verifier = server.verifier();
  // The server has the call, and its answer is not on its way yet.
  Object.defineProperty(server, 'error', {
    configurable: true,
    get: () => {
      verifier.useClientSecret('sys_new');
      return refusal(status.UNAUTHENTICATED);
    },
  });
  await expect(verifier.check('syu_one')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  Object.defineProperty(server, 'error', { value: undefined });
  expect(await verifier.check('syu_one')).toBeDefined();
});

it('a stream of the secret before, which is refused after the next one was given, is not waited for', async () => {
  // As long as each wait may be, so that the outcome is not one of chance.
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.99);
  onTestFinished(() => random.mockRestore());
  await using server = await ScriptedServer.start();
  const waits: number[] = [];
  using verifier = server.verifier({ onWatchEnd: (_error, retryInMs) => waits.push(retryInMs) });
  for (let index = 0; index < 4; index += 1) {
    const stream = await server.stream(index);
    if (index === 3) {
      verifier.useClientSecret('sys_new');
    }
    stream.fail(status.UNAUTHENTICATED, 'refused');
    await eventually('told', () => waits.length === index + 1 || undefined);
  }
  expect(waits[3]).toBeLessThanOrEqual(100);
});

it('the first wait is at most 100 ms, and no shorter than the server asks for', async () => {
  await using server = await ScriptedServer.start();
  const waits: number[] = [];
  const onWatchEnd = (_error: SymbolonError, retryInMs: number) => waits.push(retryInMs);
  for (let index = 0; index < 20; index += 1) {
    const before = server.streams.length;
    using _ = server.verifier({ onWatchEnd });
    const stream = await server.stream(before);
    stream.fail(status.UNAVAILABLE, 'shutting down');
    await eventually('told', () => waits.length === index + 1 || undefined);
  }
  expect(Math.max(...waits)).toBeLessThanOrEqual(100);
  expect(waits.filter((wait) => !Number.isInteger(wait))).toEqual([]);
  const before = server.streams.length;
  using _ = server.verifier({ onWatchEnd });
  (await server.stream(before)).failFor(status.RESOURCE_EXHAUSTED, 7);
  await eventually('told', () => waits.length > 20 || undefined);
  expect(waits.at(-1)).toBeGreaterThanOrEqual(7_000);
});
