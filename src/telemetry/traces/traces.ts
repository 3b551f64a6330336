/** Sampling calls and sending what was sampled, by OTLP over HTTP. Where to, the exporter reads from `OTEL_EXPORTER_OTLP_…`. */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { CallObserver } from '../../calls/call-record.ts';
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

/** In which the last spans are handed over when the server ends. */
const LAST_MS = 2_000;

export function openTraces({ version, instanceId, log, ...sampling }: TracesOptions): Traces {
  const own = { 'service.name': 'symbolon', 'service.version': version, 'service.instance.id': instanceId };
  // `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` come before ours.
  const resource = defaultResource()
    .merge(resourceFromAttributes(own))
    .merge(detectResources({ detectors: [envDetector] }));
  const exporter = new ToldExporter(new OTLPTraceExporter(), log);
  const provider = new TracerProvider({
    resource,
    sampler: samplerOf(sampling),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  return {
    observer: callSpans(provider.getTracer('symbolon', version)),
    stop: async () => {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, LAST_MS);
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

type ExportDone = Parameters<SpanExporter['export']>[1];
const MAX_REASON = 200;

/** Tells the log once for each time that sending fails. */
class ToldExporter implements SpanExporter {
  readonly #inner: SpanExporter;
  readonly #log: TracesOptions['log'];
  #fails = false;

  constructor(inner: SpanExporter, log: TracesOptions['log']) {
    this.#inner = inner;
    this.#log = log;
  }

  export(spans: ReadableSpan[], done: ExportDone): void {
    this.#inner.export(spans, (result) => {
      this.#tell(result.error);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }

  forceFlush(): Promise<void> {
    return this.#inner.forceFlush?.() ?? Promise.resolve();
  }

  #tell(error: Error | undefined): void {
    if (error !== undefined && !this.#fails) {
      const reason = error.message.replace(/[\p{C}\s]+/gu, ' ').slice(0, MAX_REASON);
      this.#log.warn({ reason }, 'traces can’t be sent by OTLP; those that come are tried');
    } else if (error === undefined && this.#fails) {
      this.#log.info('traces are sent by OTLP again');
    }
    this.#fails = error !== undefined;
  }
}
