/**
 * One span for each call, and one for each of its phases. Names and attributes are those of OpenTelemetry's conventions, and of ours what
 * the log has too: https://opentelemetry.io/docs/specs/semconv/rpc/ and /http/. Of what a caller sent nothing is in them.
 */
import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { CallObserver, CallRecord, TraceIds } from '../../calls/call-record.ts';
import { statusName } from '../../calls/errors.ts';
import { isFault } from '../../calls/fault.ts';
import type { PhaseName } from '../../core/call-notes.ts';

const PHASE_NAMES: Readonly<Record<PhaseName, string>> = {
  queue: 'wait for hashing',
  hash: 'hash',
  store: 'store',
  turn: 'wait for another guess',
  wait: 'wait for verifiers',
};

const propagator = new W3CTraceContextPropagator();
/**
 * What does not come once, or is malformed, is as if it were not there. `traceparent` is ids alone; `tracestate` is any text of a caller, and
 * goes nowhere from here, so it is not taken.
 */
const getter = {
  get: (call: CallRecord, key: string) => (key === 'traceparent' ? call.header(key) : undefined),
  keys: () => [],
};

/** The trace of a call that is under way. */
class CallTrace implements TraceIds {
  readonly span: Span;
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
  /** From `performance.now()` to the time of the wall clock. */
  readonly offset: number;

  constructor(span: Span, offset: number) {
    const { traceId, spanId } = span.spanContext();
    this.span = span;
    this.traceId = traceId;
    this.spanId = spanId;
    this.isSampled = span.isRecording();
    this.offset = offset;
  }
}

export function callSpans(tracer: Tracer): CallObserver {
  return {
    begin: (call) => {
      const context = propagator.extract(ROOT_CONTEXT, call, getter);
      const offset = Date.now() - performance.now();
      const options = { kind: SpanKind.SERVER, startTime: offset + call.startTime };
      call.trace = new CallTrace(tracer.startSpan(call.method, options, context), offset);
    },
    finish: (call) => {
      if (call.trace instanceof CallTrace && call.trace.isSampled) {
        finish(tracer, call, call.trace);
      }
    },
  };
}

function finish(tracer: Tracer, call: CallRecord, { span, offset }: CallTrace): void {
  const isHttp = call.door === 'http';
  span.updateName(isHttp ? httpName(call) : rpcMethod(call));
  span.setAttributes(isHttp ? httpAttributes(call) : rpcAttributes(call));
  span.setAttributes(ownAttributes(call));
  if (isFault(call)) {
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  const context = trace.setSpan(ROOT_CONTEXT, span);
  for (const { name, what, startTime, endTime = call.endTime } of call.phases) {
    const options = { startTime: offset + startTime, attributes: { 'symbolon.step': what } };
    tracer.startSpan(PHASE_NAMES[name], options, context).end(offset + endTime);
  }
  span.end(offset + call.endTime);
}

/** `symbolon.v1.TokenService/Issue` */
function rpcMethod({ route = '' }: CallRecord): string {
  return route.replace(/^\//, '');
}

function rpcAttributes(call: CallRecord): Attributes {
  const status = statusName(call.code);
  return {
    'rpc.system.name': 'grpc',
    'rpc.method': rpcMethod(call),
    'rpc.response.status_code': status,
    ...(isFault(call) ? { 'error.type': status } : {}),
  };
}

/** By the route, for what is sent may hold anything. */
function httpName({ httpMethod, route }: CallRecord): string {
  return route === undefined ? `${httpMethod}` : `${httpMethod} ${route}`;
}

function httpAttributes(call: CallRecord): Attributes {
  const { httpMethod, route, status, code } = call;
  return {
    'http.request.method': httpMethod,
    'http.route': route,
    'http.response.status_code': status,
    ...(isFault(call) ? { 'error.type': code } : {}),
  };
}

/** The log's line of this call is found by the request id or the trace id. */
function ownAttributes({ requestId, tenantId, clientId, code, facts }: CallRecord): Attributes {
  return {
    'symbolon.request_id': requestId,
    'symbolon.tenant': tenantId,
    'symbolon.client': clientId,
    'symbolon.code': code,
    'symbolon.event': facts.event,
    'symbolon.credential': facts.credential,
  };
}
