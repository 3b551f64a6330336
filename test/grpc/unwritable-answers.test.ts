import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
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

it.each([
  ['by a writer of its own', undefined],
  ['by the one that all share', IntrospectResponse.encode as UnaryMethod['write']],
])('an answer that can’t be written fails alone, %s', async (_, write) => {
  const answers = [WRITABLE, UNWRITABLE, WRITABLE];
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => lines.push(line) });
  const context = { services: {}, log, findCaller: async () => ({ standings: ['client'] }) as unknown as Caller };
  const run = async () => answers.shift();
  const method = { name: 'Introspect', logLevel: 'debug', run } as const;
  const unary = { definition: introspect, method, write } as unknown as UnaryMethod;
  const calls = new DirectCalls(context as unknown as CallContext, [unary]);
  const server = createServer();
  server.on('stream', (stream, headers) => calls.take(stream, headers as Record<string, string>));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = await connected(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  const answerTo = async () => {
    const call = new RawCall(session, introspect.path);
    const chunks: Buffer[] = [];
    call.stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    call.stream.end(framed(new Uint8Array()));
    const { status: code } = await call.outcome;
    return { code, bytes: Buffer.concat(chunks).subarray(5) };
  };
  const right = { code: status.OK, bytes: Buffer.from(IntrospectResponse.encode(WRITABLE).finish()) };
  expect(await answerTo()).toEqual(right);
  expect((await answerTo()).code).toBe(status.INTERNAL);
  expect(await answerTo()).toEqual(right);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('an answer could not be written');
  session.destroy();
  server.close();
});
