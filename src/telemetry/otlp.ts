/** Metrics that are sent instead of scraped, by OTLP over HTTP. Where to, and with what, the exporter reads from `OTEL_EXPORTER_OTLP_…`. */
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Logger } from 'pino';

/** What came of sending: `error` is there when it failed. */
interface ExportResult {
  readonly error?: Error;
}

export interface OtlpOptions {
  readonly intervalMs: number;
  readonly collect: () => ResourceMetrics;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** In which the last figures are handed over when the server ends. */
const LAST_MS = 2_000;
const MAX_REASON = 200;

export class OtlpSender {
  readonly #options: OtlpOptions;
  readonly #exporter = new OTLPMetricExporter();
  readonly #timer: NodeJS.Timeout;
  #sending: Promise<void> | undefined;
  #fails = false;

  constructor(options: OtlpOptions) {
    this.#options = options;
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
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LAST_MS);
    const last = (this.#sending ?? Promise.resolve())
      .then(() => this.send())
      .then(() => this.#exporter.shutdown())
      .catch(() => undefined);
    await Promise.race([last, late]);
    clearTimeout(timer);
  }

  async #send(): Promise<void> {
    const { error } = await new Promise<ExportResult>((resolve) => {
      try {
        this.#exporter.export(this.#options.collect(), resolve);
      } catch (thrown) {
        resolve({ error: thrown instanceof Error ? thrown : new Error(String(thrown)) });
      }
    });
    // Told once for each time that it fails, not for each minute.
    if (error !== undefined && !this.#fails) {
      const reason = error.message.replace(/[\p{C}\s]+/gu, ' ').slice(0, MAX_REASON);
      this.#options.log.warn({ reason }, 'metrics can’t be sent by OTLP; they are tried again');
    } else if (error === undefined && this.#fails) {
      this.#options.log.info('metrics are sent by OTLP again');
    }
    this.#fails = error !== undefined;
  }
}
