import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { IntrospectResponse, TokenServiceService } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { CallContext } from '../../src/calls/run.ts';
import type { Caller } from '../../src/core/operations/authenticate.ts';
import { DirectCalls, type UnaryMethod } from '../../src/grpc/direct-calls.ts';
import { connected, framed, RawCall } from './raw-calls.ts';

const { introspect } = TokenServiceService;
/** Too large for the field that is written last. */
const UNWRITABLE = { ...IntrospectResponse.fromPartial({ active: true, tenantId: 'acme' }), revision: 2 ** 64 };
const WRITABLE = IntrospectResponse.fromPartial({ active: true, tenantId: 'acme', revision: 7 });

/** Whose method answers these, one after the other. */
async function serving(answers: unknown[], write?: UnaryMethod['write']) {
  const lines: string[] = [];
  let runs = 0;
  const log = pino({ level: 'error' }, { write: (line: string) => lines.push(line) });
  const context = { services: {}, log, findCaller: async () => ({ standings: ['client'] }) as unknown as Caller };
  const run = async () => {
    runs += 1;
    return answers.shift();
  };
  const method = { name: 'Introspect', logLevel: 'debug', run } as const;
  const unary = { definition: introspect, method, write } as unknown as UnaryMethod;
  const calls = new DirectCalls(context as unknown as CallContext, [unary]);
  const server = createServer();
  server.on('stream', (stream, headers) => calls.take(stream, headers as Record<string, string>));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = await connected(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    ...{ lines, session },
    get runs() {
      return runs;
    },
    answer: async (headers: Record<string, string> = {}, waitMs = 0) => {
      const call = new RawCall(session, introspect.path, headers);
      const chunks: Buffer[] = [];
      call.stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      await setTimeout(waitMs);
      call.stream.end(framed(new Uint8Array()));
      const { status: code, message } = await call.outcome;
      return { code, message, bytes: Buffer.concat(chunks).subarray(5) };
    },
    [Symbol.dispose]: () => {
      session.destroy();
      server.close();
    },
  };
}

it.each([
  ['by a writer of its own', undefined],
  ['by the one that all share', IntrospectResponse.encode as UnaryMethod['write']],
])('an answer that can’t be written fails alone, %s', async (_, write) => {
  using served = await serving([WRITABLE, UNWRITABLE, WRITABLE], write);
  const right = { code: status.OK, bytes: Buffer.from(IntrospectResponse.encode(WRITABLE).finish()) };
  expect(await served.answer()).toMatchObject(right);
  expect((await served.answer()).code).toBe(status.INTERNAL);
  expect(await served.answer()).toMatchObject(right);
  expect(served.lines).toHaveLength(1);
  expect(served.lines[0]).toContain('an answer could not be written');
});

it('an answer that no client takes is an error, and the next one is answered', async () => {
  const long = { ...WRITABLE, tenantId: 'x'.repeat(4_096 * 1_024) };
  const longest = { ...WRITABLE, tenantId: 'x'.repeat(4_095 * 1_024) };
  using served = await serving([long, longest]);
  expect(await served.answer()).toMatchObject({
    code: status.RESOURCE_EXHAUSTED,
    message: 'The answer would be more than 4194304 bytes. Ask for less at once',
  });
  expect(served.lines[0]).toContain('an answer was too long');
  expect((await served.answer()).code).toBe(status.OK);
});

it('a call whose deadline has passed when its message is whole is not begun', async () => {
  using served = await serving([WRITABLE]);
  expect(await served.answer({ 'grpc-timeout': '5m' }, 50)).toMatchObject({
    code: status.DEADLINE_EXCEEDED,
    message: 'The deadline passed before the call was begun. Nothing was done',
  });
  expect(served.runs).toBe(0);
});
