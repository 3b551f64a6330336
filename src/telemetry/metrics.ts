/** The ways out of the metrics: a page for Prometheus, and OTLP. The libraries of both are loaded when somebody asks. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { TlsFiles } from '../calls/tls.ts';
import { reasonOf } from '../core/reason.ts';
import type { Metric } from './metric.ts';
import type { OtlpOptions, OtlpSender } from './otlp.ts';
import { MetricsPage } from './page.ts';
import { processMetrics } from './process-metrics.ts';

export interface MetricsOptions {
  /** What the parts of the server tell. */
  readonly metrics: readonly Metric[];
  /** With those of other threads, which `refresh` asks for. Absent: there are none. */
  readonly merged?: (own: readonly Metric[]) => readonly Metric[];
  readonly refresh?: () => Promise<void>;
  readonly version: string;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Where Prometheus scrapes: `host:port`. */
  readonly address?: string;
  readonly tls?: TlsFiles;
  /** How often metrics are sent by OTLP. */
  readonly otlpIntervalMs?: number;
}

export class Metrics {
  readonly #page: MetricsPage | undefined;
  readonly #otlp: OtlpSender | undefined;
  readonly #stopProcess: () => void;

  private constructor(page: MetricsPage | undefined, otlp: OtlpSender | undefined, stopProcess: () => void) {
    this.#page = page;
    this.#otlp = otlp;
    this.#stopProcess = stopProcess;
  }

  /** Rejects when it can't listen. */
  static async start({
    metrics,
    version,
    log,
    address,
    tls,
    otlpIntervalMs,
    ...others
  }: MetricsOptions): Promise<Metrics> {
    const { merged = (own) => own, refresh = async () => undefined } = others;
    const process = processMetrics();
    const all = [...process.metrics, ...metrics];
    const own = { 'service.name': 'symbolon', 'service.version': version, 'service.instance.id': randomUUID() };
    const loadCollect = once(async () => {
      const [{ resourceMetricsOf }, { resourceOf }] = await Promise.all([
        import('./resource-metrics.ts'),
        import('./sending.ts'),
      ]);
      const resource = resourceOf(own);
      return async () => {
        await refresh();
        return resourceMetricsOf(resource, version, merged(all));
      };
    });
    const text = async () => {
      const [collect, { prometheusText }] = await Promise.all([loadCollect(), import('./prometheus.ts')]);
      return prometheusText(await collect());
    };
    const onFailure = (error: unknown) => log.error({ cause: reasonOf(error) }, 'the metrics could not be read');
    try {
      const page =
        address === undefined
          ? undefined
          : await MetricsPage.start({ address, text, onFailure, ...(tls === undefined ? {} : { tls }) });
      try {
        const otlp =
          otlpIntervalMs === undefined ? undefined : await openOtlp(otlpIntervalMs, await loadCollect(), log);
        return new Metrics(page, otlp, process.stop);
      } catch (error) {
        await page?.stop();
        throw error;
      }
    } catch (error) {
      process.stop();
      throw error;
    }
  }

  /** Where the page is: `host:port`. */
  get address(): string | undefined {
    return this.#page?.address;
  }

  /** What new connections to the page get. */
  useCertificate(tls: TlsFiles): void {
    this.#page?.useCertificate(tls);
  }

  /** Sends what there is by then, where it is sent. */
  async stop(): Promise<void> {
    this.#stopProcess();
    await Promise.all([this.#page?.stop(), this.#otlp?.stop()]);
  }
}

async function openOtlp(
  intervalMs: number,
  collect: OtlpOptions['collect'],
  log: MetricsOptions['log'],
): Promise<OtlpSender> {
  const { OtlpSender } = await import('./otlp.ts');
  return new OtlpSender({ intervalMs, collect, log });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
