/** Traces of calls at both doors, sent by the real exporter to a receiver on a socket. */
import type { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KII_DIALECTS } from '../../../src/http/kii/dialect.ts';
import { HttpServer } from '../../../src/http/server.ts';
import type { Sampling } from '../../../src/telemetry/traces/sampling.ts';
import { openTraces, type Traces } from '../../../src/telemetry/traces/traces.ts';
import { basic, CREDENTIALS, failureOf, type GrpcBed, issue, openGrpcBed, PASSWORD, send } from '../../grpc/client.ts';
import { eventually, LogTape } from '../../http/support.ts';
import { type CollectedSpan, Collector } from './collector.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const SAMPLED = `00-${TRACE}-${PARENT}-01`;
const NOT_SAMPLED = `00-${TRACE}-${PARENT}-00`;

let collector: Collector;
beforeAll(async () => {
  collector = await Collector.start();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
});
afterAll(async () => {
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  await collector[Symbol.asyncDispose]();
});
beforeEach(() => {
  collector.spans.length = 0;
  collector.bytes = Buffer.alloc(0);
  collector.status = 200;
});

interface Bed extends AsyncDisposable {
  readonly grpc: GrpcBed;
  readonly url: string;
  readonly tape: LogTape;
  readonly traces: Traces;
}

async function openBed(sampling: Sampling): Promise<Bed> {
  const tape = new LogTape();
  const traces = openTraces({ ...sampling, version: '1.2.3', instanceId: 'instance-1', log: tape.log });
  const observers = [traces.observer];
  const grpc = await openGrpcBed({ log: tape.log, observers });
  const { services } = grpc;
  const options = { services, log: tape.log, observers, dialects: KII_DIALECTS, address: '127.0.0.1:0' };
  const http = await HttpServer.start(options);
  const close = async () => {
    await traces.stop();
    await http.drain(0);
    await grpc.close();
  };
  return { grpc, url: `http://${http.address}`, tape, traces, [Symbol.asyncDispose]: close };
}

function withTrace(metadata: Metadata, traceparent: string): Metadata {
  metadata.set('traceparent', traceparent);
  return metadata;
}

function post(url: string, body: object, traceparent = SAMPLED): Promise<Response> {
  return fetch(`${url}/api/apps/acme/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent },
    body: JSON.stringify(body),
  });
}

const childrenOf = ({ spanId }: CollectedSpan) => collector.spans.filter((each) => each.parentSpanId === spanId);
const named = (name: string): CollectedSpan => {
  const found = collector.spans.find((each) => each.name === name);
  if (found === undefined) {
    throw new Error(`no span ${name} among ${collector.spans.map((each) => each.name).join(', ')}`);
  }
  return found;
};

describe('a call that its caller traces', () => {
  it('is a span of that trace over gRPC, with children for what it waited for', async () => {
    await using bed = await openBed({ sampler: 'parentbased_always_off', ratio: 1 });
    const before = Date.now();
    await issue(bed.grpc, CREDENTIALS.user(), withTrace(basic('acme'), SAMPLED));
    const after = Date.now();
    await bed.traces.stop();
    const span = named('symbolon.v1.TokenService/Issue');
    expect(span).toMatchObject({ traceId: TRACE, parentSpanId: PARENT, kind: 2, status: 0 });
    expect(span.attributes).toMatchObject({
      'rpc.system.name': 'grpc',
      'rpc.method': 'symbolon.v1.TokenService/Issue',
      'rpc.response.status_code': 'OK',
      'symbolon.tenant': 'acme',
      'symbolon.event': 'login',
    });
    expect(span.resource).toMatchObject({ 'service.name': 'symbolon', 'service.version': '1.2.3' });
    const children = childrenOf(span);
    expect(new Set(children.map(({ name }) => name))).toEqual(new Set(['store', 'wait for hashing', 'hash']));
    expect(children.map(({ attributes }) => attributes['symbolon.step'])).toContain('issue');
    for (const each of [span, ...children]) {
      expect(each.traceId).toBe(TRACE);
      expect(each.endMs).toBeGreaterThanOrEqual(each.startMs);
      // The wall clock's own grain, and that of both clocks' difference, which grows while a machine sets its clock.
      expect(each.startMs).toBeGreaterThanOrEqual(before - 1_000);
      expect(each.endMs).toBeLessThanOrEqual(after + 1_000);
    }
    expect(bed.tape.lines[0]).toMatchObject({ event: 'login', traceId: TRACE });
  });

  it('is a span of that trace over REST, by the route and not by the path', async () => {
    await using bed = await openBed({ sampler: 'parentbased_always_off', ratio: 1 });
    expect((await post(bed.url, { username: 'ann', password: PASSWORD })).status).toBe(200);
    await eventually(() => bed.tape.lines.length).toBe(1);
    await bed.traces.stop();
    const span = named('POST /api/apps/:appId/oauth2/token');
    expect(span).toMatchObject({ traceId: TRACE, parentSpanId: PARENT, kind: 2, status: 0 });
    expect(span.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/api/apps/:appId/oauth2/token',
      'http.response.status_code': 200,
    });
    expect(childrenOf(span).map(({ name }) => name)).toContain('hash');
    expect(bed.tape.lines[0]).toMatchObject({ door: 'http', traceId: TRACE });
  });

  it('that fails says why, and that it is the server’s fault only where it is', async () => {
    await using bed = await openBed({ sampler: 'always_on', ratio: 1 });
    await failureOf(issue(bed.grpc, CREDENTIALS.user('ann', 'wrong'), basic('acme')));
    await bed.traces.stop();
    const span = named('symbolon.v1.TokenService/Issue');
    expect(span.attributes).toMatchObject({
      'rpc.response.status_code': 'FAILED_PRECONDITION',
      'symbolon.code': 'invalid_credentials',
    });
    expect(span.attributes).not.toHaveProperty('error.type');
    expect(span.status).toBe(0);
  });
});

describe('which calls are kept', () => {
  it.each([
    ['parentbased_always_on', SAMPLED, true],
    ['parentbased_always_on', NOT_SAMPLED, false],
    ['parentbased_always_on', undefined, true],
    ['parentbased_always_off', undefined, false],
    ['always_off', SAMPLED, false],
    ['always_on', NOT_SAMPLED, true],
    ['parentbased_traceidratio', SAMPLED, true],
    ['parentbased_traceidratio', undefined, false],
    ['traceidratio', SAMPLED, false],
  ] as const)('%s, of a call with %s: %s', async (sampler, traceparent, isKept) => {
    await using bed = await openBed({ sampler, ratio: 0 });
    const metadata = basic('service', bed.grpc.serviceSecret);
    const { client } = bed.grpc;
    const request = { token: 'none', atLeastRevision: 0, maxStaleness: undefined };
    await send(client, client.introspect, request, traceparent ? withTrace(metadata, traceparent) : metadata);
    await bed.traces.stop();
    expect(collector.spans.some(({ name }) => name === 'symbolon.v1.TokenService/Introspect')).toBe(isKept);
  });

  it.each([
    'planted-junk',
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${PARENT}-01`,
    `${SAMPLED}-more`,
    `${SAMPLED}, ${SAMPLED}`,
    'x'.repeat(4_000),
  ])('a malformed traceparent begins a trace anew: %.60s', async (traceparent) => {
    await using bed = await openBed({ sampler: 'parentbased_always_on', ratio: 1 });
    expect((await post(bed.url, { username: 'ann', password: 'wrong' }, traceparent)).status).toBe(400);
    await eventually(() => bed.tape.lines.length).toBe(1);
    await bed.traces.stop();
    const span = named('POST /api/apps/:appId/oauth2/token');
    expect(span.parentSpanId).toBe('');
    expect(span.traceId).not.toBe(TRACE);
    expect(bed.tape.text + collector.bytes.toString('latin1')).not.toMatch(/planted|xxxx/);
  });
});

it('no secret, and nothing of what was sent, is in a span', async () => {
  await using bed = await openBed({ sampler: 'always_on', ratio: 1 });
  const state = 'planted-vendor=planted-value';
  const headers = { traceparent: SAMPLED, tracestate: state, authorization: 'Bearer planted-bearer' };
  await fetch(`${bed.url}/planted-path?planted=query`, { headers });
  const metadata = withTrace(basic('acme', 'planted-secret'), SAMPLED);
  metadata.set('tracestate', state);
  const pair = await issue(bed.grpc, CREDENTIALS.user(), metadata);
  await post(bed.url, { username: 'planted-name', password: 'planted-password' });
  await eventually(() => bed.tape.lines.length).toBe(3);
  await bed.traces.stop();
  expect(collector.spans.length).toBeGreaterThan(3);
  const sent = collector.bytes.toString('latin1');
  expect(sent).not.toMatch(/planted/);
  expect(sent).not.toContain(pair.accessToken);
  expect(sent).not.toContain(PASSWORD);
});

it('a receiver that refuses is told in the log', async () => {
  await using bed = await openBed({ sampler: 'always_on', ratio: 1 });
  collector.status = 400;
  await issue(bed.grpc, CREDENTIALS.user(), basic('acme'));
  await bed.traces.stop();
  const told = bed.tape.lines.filter(({ msg }) => String(msg).startsWith('traces can’t be sent'));
  expect(told.length).toBe(1);
});
