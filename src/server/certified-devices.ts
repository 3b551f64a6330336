/**
 * The listener for devices that have a certificate. It is one of its own: the port of pages must ask nobody for a certificate, for a browser
 * would show its visitor a list of them. The main thread has it, for devices register seldom.
 */
import type { Logger } from 'pino';
import type { TlsFiles } from '../calls/tls.ts';
import { type CertifiedDevicesConfig, readDeviceCa } from '../config/certified-devices.ts';
import type { Services } from '../core/services/services.ts';
import type { HttpServer } from '../http/server.ts';
import type { CertificateUser } from './certificates.ts';

const EVERY_MS = 5_000;

export interface DevicesDoorOptions {
  readonly config: CertifiedDevicesConfig;
  readonly tls: TlsFiles;
  readonly services: Services;
  readonly log: Logger;
  /** How often the file of issuers is looked at. */
  readonly everyMs?: number;
}

export class CertifiedDevicesDoor implements CertificateUser {
  readonly #http: HttpServer;
  readonly #log: Logger;
  readonly #path: string;
  #tls: TlsFiles;
  #ca: Buffer;
  #problem: string | undefined;
  readonly #timer: NodeJS.Timeout;

  private constructor(http: HttpServer, { config, tls, log, everyMs = EVERY_MS }: DevicesDoorOptions) {
    this.#http = http;
    this.#log = log;
    this.#path = config.caPath;
    this.#tls = tls;
    this.#ca = config.ca;
    this.#timer = setInterval(() => this.look(), everyMs).unref();
  }

  static async start(options: DevicesDoorOptions): Promise<CertifiedDevicesDoor> {
    const { config, tls, services, log } = options;
    const { HttpServer } = await import('../http/server.ts');
    const { artikDeviceDialects } = await import('../http/artik/dialect.ts');
    const dialects = artikDeviceDialects(config.tenantId);
    const withCa = { ...tls, clientCa: config.ca };
    const http = await HttpServer.start({ services, log, dialects, address: config.address, tls: withCa });
    return new CertifiedDevicesDoor(http, options);
  }

  get address(): string {
    return this.#http.address;
  }

  /** What new connections get; those that are open go on. */
  useCertificate(tls: TlsFiles): void {
    this.#tls = tls;
    this.#http.useCertificate({ ...tls, clientCa: this.#ca });
  }

  /** Takes other issuers when the file has them. A file that can't be used changes nothing. */
  look(): void {
    try {
      const ca = readDeviceCa(this.#path);
      if (!ca.equals(this.#ca)) {
        this.#ca = ca;
        this.useCertificate(this.#tls);
        this.#log.info('the issuers of devices’ certificates were replaced; new connections are held to them');
      }
      this.#problem = undefined;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.#problem) {
        this.#problem = problem;
        this.#log.error({ cause: problem }, 'the new --device-ca can’t be used; the one before holds');
      }
    }
  }

  setServing(serving: boolean): void {
    this.#http.setServing(serving);
  }

  async drain(graceMs: number): Promise<void> {
    clearInterval(this.#timer);
    await this.#http.drain(graceMs);
  }
}

/** Undefined where there is none. */
export async function openDevicesDoor(
  config: CertifiedDevicesConfig | undefined,
  tls: TlsFiles | undefined,
  parts: Pick<DevicesDoorOptions, 'services' | 'log'>,
): Promise<CertifiedDevicesDoor | undefined> {
  return config === undefined || tls === undefined ? undefined : CertifiedDevicesDoor.start({ config, tls, ...parts });
}
