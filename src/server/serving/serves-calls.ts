/** What serves calls, be it this thread or several others: what the process does with it. */
import type { TlsFiles } from '../../calls/tls.ts';
import type { Metric } from '../../telemetry/metric.ts';

export interface ServesCalls {
  /** `host:port` that each surface really listens on. */
  readonly grpcAddress: string;
  readonly httpAddress: string;
  /** The metrics of those who serve, together with those that the main thread has itself. */
  merged(own: readonly Metric[]): readonly Metric[];
  /** Asks for what `merged` shows. */
  refresh(): Promise<void>;
  /** What health says; calls are served all the same, until `drain`. */
  setServing(serving: boolean): void | Promise<void>;
  /** What new connections get; those that are open go on. */
  useCertificate(files: TlsFiles): void | Promise<void>;
  /** Takes in what is on its way, then no new calls, and finishes those in flight; what is left after the grace period is cut off. */
  drain(graceMs: number): Promise<void>;
  /** After it nothing is left of what serves. */
  stop(): Promise<void>;
}
