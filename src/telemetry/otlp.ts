/** Metrics that are sent instead of scraped, by OTLP over HTTP. Where to, and with what, the exporter reads from `OTEL_EXPORTER_OTLP_…`. */
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Logger } from 'pino';
import { atLast, SendingLog } from './sending.ts';

/** What came of sending: `error` is there when it failed. */
interface ExportResult {
  readonly error?: Error;
}

export interface OtlpOptions {
  readonly intervalMs: number;
  readonly collect: () => Promise<ResourceMetrics> | ResourceMetrics;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

export class OtlpSender {
  readonly #options: OtlpOptions;
  readonly #exporter = new OTLPMetricExporter();
  readonly #timer: NodeJS.Timeout;
  #sending: Promise<void> | undefined;
  readonly #told: SendingLog;

  constructor(options: OtlpOptions) {
    this.#options = options;
    this.#told = new SendingLog(options.log, {
      failed: 'metrics can’t be sent by OTLP; they are tried again',
      back: 'metrics are sent by OTLP again',
    });
    this.#timer = setInterval(() => void this.send(), options.intervalMs);
    this.#timer.unref();
  }

  /** One at a time: what a receiver is slow to take is left out, and the next has its sums. Never throws. */
  send(): Promise<void> {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const last = (this.#sending ?? Promise.resolve()).then(() => this.send()).then(() => this.#exporter.shutdown());
    await atLast(last);
  }

  async #send(): Promise<void> {
    this.#told.tell(await this.#export());
  }

  async #export(): Promise<Error | undefined> {
    try {
      const metrics = await this.#options.collect();
      const { error } = await new Promise<ExportResult>((resolve) => this.#exporter.export(metrics, resolve));
      return error;
    } catch (thrown) {
      return thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }
}
