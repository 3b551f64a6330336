/** Sampling calls and sending what was sampled, by OTLP over HTTP. Where to, the exporter reads from `OTEL_EXPORTER_OTLP_…`. */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { CallObserver } from '../../calls/call-record.ts';
import { atLast, resourceOf, SendingLog } from '../sending.ts';
import { callSpans } from './call-spans.ts';
import { samplerOf } from './sampler.ts';
import type { Sampling } from './sampling.ts';

export interface TracesOptions extends Sampling {
  readonly version: string;
  readonly instanceId: string;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** Traces of a server; `stop` sends what there is by then. */
export interface Traces {
  readonly observer: CallObserver;
  stop(): Promise<void>;
}

export function openTraces({ version, instanceId, log, ...sampling }: TracesOptions): Traces {
  const own = { 'service.name': 'symbolon', 'service.version': version, 'service.instance.id': instanceId };
  const resource = resourceOf(own);
  const exporter = new ToldExporter(new OTLPTraceExporter(), log);
  const provider = new TracerProvider({
    resource,
    sampler: samplerOf(sampling),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  return {
    observer: callSpans(provider.getTracer('symbolon', version)),
    stop: () => atLast(provider.shutdown()),
  };
}

type ExportDone = Parameters<SpanExporter['export']>[1];

class ToldExporter implements SpanExporter {
  readonly #inner: SpanExporter;
  readonly #told: SendingLog;

  constructor(inner: SpanExporter, log: TracesOptions['log']) {
    this.#inner = inner;
    this.#told = new SendingLog(log, {
      failed: 'traces can’t be sent by OTLP; those that come are tried',
      back: 'traces are sent by OTLP again',
    });
  }

  export(spans: ReadableSpan[], done: ExportDone): void {
    this.#inner.export(spans, (result) => {
      this.#told.tell(result.error);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }

  forceFlush(): Promise<void> {
    return this.#inner.forceFlush?.() ?? Promise.resolve();
  }
}
