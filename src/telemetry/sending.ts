/** What sending metrics and sending traces by OTLP have in common. */
import type { Attributes } from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import type { Logger } from 'pino';

/** In which the last of it is handed over when the server ends. */
const LAST_MS = 2_000;
const MAX_REASON = 200;

/** Who sends: `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` come before `own`. */
export function resourceOf(own: Attributes): Resource {
  return defaultResource()
    .merge(resourceFromAttributes(own))
    .merge(detectResources({ detectors: [envDetector] }));
}

/** Tells the log once for each time that sending fails, and not for each try. */
export class SendingLog {
  readonly #log: Pick<Logger, 'info' | 'warn'>;
  readonly #texts: { readonly failed: string; readonly back: string };
  #fails = false;

  constructor(log: Pick<Logger, 'info' | 'warn'>, texts: { readonly failed: string; readonly back: string }) {
    this.#log = log;
    this.#texts = texts;
  }

  /** Undefined: it was sent. */
  tell(error: Error | undefined): void {
    if (error !== undefined && !this.#fails) {
      const reason = error.message.replace(/[\p{C}\s]+/gu, ' ').slice(0, MAX_REASON);
      this.#log.warn({ reason }, this.#texts.failed);
    } else if (error === undefined && this.#fails) {
      this.#log.info(this.#texts.back);
    }
    this.#fails = error !== undefined;
  }
}

/** Waits for the last of it, and no longer than a server that ends may. Never throws. */
export async function atLast(sent: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LAST_MS);
  await Promise.race([sent.catch(() => undefined), late]);
  clearTimeout(timer);
}
