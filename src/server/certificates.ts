/** The certificate of the servers: read anew when its files change or somebody asks, and looked at for its end. Decision 0121. */
import { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { TlsFiles } from '../calls/tls.ts';
import { readTls, type TlsConfig, type TlsPaths } from '../config/tls.ts';
import type { Instant } from '../core/model.ts';

/** What a certificate says of itself. */
export interface Certificate {
  /** In hexadecimal, as OpenSSL prints it. */
  readonly serial: string;
  readonly notBefore: Instant;
  /** When the first of its chain ends. */
  readonly notAfter: Instant;
}

/** A server whose new connections get another certificate. */
export interface CertificateUser {
  /** Where other threads have to take it, resolves when they have. */
  useCertificate(files: TlsFiles): void | Promise<void>;
}

export interface CertificatesOptions {
  readonly tls: TlsConfig;
  readonly log: Logger;
  readonly clock: () => Instant;
  /** Those that are added later count too. */
  readonly servers: readonly CertificateUser[];
  /** How often the files are looked at. */
  readonly everyMs?: number;
}

/** Soon enough for who waits for it, and two small reads. Of the files' contents, for no notice of a change is sure on every file system. */
const EVERY_MS = 5_000;
const DAY_MS = 86_400_000;
const WARNED_AHEAD_MS = 14 * DAY_MS;
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

export class Certificates {
  readonly #paths: TlsPaths;
  readonly #log: Logger;
  readonly #clock: () => Instant;
  readonly #servers: readonly CertificateUser[];
  readonly #everyMs: number;
  #files: TlsFiles;
  #current: Certificate;
  /** Why what the files hold now is not served; undefined when it is. */
  #problem: string | undefined;
  /** What was said of the current one's end last, so that it is said once a day. */
  #said: string | undefined;
  #isLooking = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({ tls, log, clock, servers, everyMs = EVERY_MS }: CertificatesOptions) {
    this.#paths = tls.paths;
    this.#files = tls.files;
    this.#current = certificateIn(tls.files.certificate);
    this.#log = log;
    this.#clock = clock;
    this.#servers = servers;
    this.#everyMs = everyMs;
  }

  /** The one that new connections get. */
  get current(): Certificate {
    return this.#current;
  }

  start(): void {
    this.#sayEnd();
    this.#timer = setInterval(() => void this.look(), this.#everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Takes what the files hold if it is another pair and whole. */
  async look(): Promise<void> {
    // A file system that does not answer holds one reading, and no more.
    if (this.#isLooking) {
      return;
    }
    this.#isLooking = true;
    try {
      if ((await this.#haveChanged()) || this.#problem !== undefined) {
        this.#read();
      }
    } finally {
      this.#isLooking = false;
    }
    this.#sayEnd();
  }

  /** The same at once, and says what came of it also when nothing changed. */
  reload(): void {
    this.#problem = undefined;
    this.#read();
    if (this.#problem === undefined) {
      this.#log.info(readable(this.#current), 'the certificate is the one that its files hold');
    }
    this.#said = undefined;
    this.#sayEnd();
  }

  /** What is no longer a file, such as a pipe that was read, can't be looked at. */
  async #haveChanged(): Promise<boolean> {
    const { certificate, key } = this.#paths;
    try {
      if (!(await stat(certificate)).isFile() || !(await stat(key)).isFile()) {
        return false;
      }
      const [newCertificate, newKey] = await Promise.all([readFile(certificate), readFile(key)]);
      return !newCertificate.equals(this.#files.certificate) || !newKey.equals(this.#files.key);
    } catch {
      // Who reads it again says why.
      return true;
    }
  }

  #read(): void {
    const isMending = this.#problem !== undefined;
    try {
      requireFile(this.#paths.certificate);
      requireFile(this.#paths.key);
      this.#take(readTls(this.#paths), isMending);
      this.#problem = undefined;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.#problem) {
        this.#problem = problem;
        this.#log.error(
          { cause: problem, ...readable(this.#current) },
          'the new certificate can’t be used; the one before is served, and the files are tried again',
        );
      }
    }
  }

  #take(files: TlsFiles, isMending: boolean): void {
    if (files.certificate.equals(this.#files.certificate) && files.key.equals(this.#files.key)) {
      if (isMending) {
        this.#log.info(readable(this.#current), 'the files hold the certificate that is served');
      }
      return;
    }
    const next = certificateIn(files.certificate);
    const now = this.#clock();
    if (!isValid(next, now) && isValid(this.#current, now)) {
      throw new Error(
        `--tls-cert ${this.#paths.certificate} is valid from ${dateOf(next.notBefore)} to ${dateOf(next.notAfter)} only. ` +
          'Put one there that is valid now',
      );
    }
    const taking = this.#servers.map((server) => server.useCertificate(files));
    this.#files = files;
    this.#current = next;
    const say = () => this.#log.info(readable(next), 'the certificate was replaced; new connections get it');
    if (taking.every((each) => each === undefined)) {
      say();
    } else {
      void Promise.all(taking).then(say);
    }
  }

  /** Once for each day that is left, and each day that it is over. */
  #sayEnd(): void {
    const { notBefore, notAfter } = this.#current;
    const left = notAfter - this.#clock();
    const days = Math.floor(left / DAY_MS);
    const isEarly = this.#clock() < notBefore;
    const isSaid = isEarly || left <= WARNED_AHEAD_MS;
    const said = isSaid ? [this.#current.serial, isEarly, left <= 0, days].join(' ') : undefined;
    if (said === this.#said) {
      return;
    }
    this.#said = said;
    if (isEarly) {
      this.#log.error(readable(this.#current), 'the certificate is not valid yet, and clients refuse it');
    } else if (left <= 0) {
      this.#log.error(readable(this.#current), 'the certificate has ended, and clients refuse it. Replace its files');
    } else if (said !== undefined) {
      this.#log.warn({ ...readable(this.#current), days }, 'the certificate ends soon. Replace its files');
    }
  }
}

/** A root that comes along is not looked at by clients, and may have ended. */
export function certificateIn(pem: Buffer): Certificate {
  const blocks = pem.toString('latin1').match(PEM_CERTIFICATE) ?? [];
  const own = new X509Certificate(pem);
  const others = blocks
    .slice(1)
    .map((block) => new X509Certificate(block))
    .filter(({ issuer, subject }) => issuer !== subject);
  return {
    serial: own.serialNumber,
    notBefore: own.validFromDate.getTime(),
    notAfter: Math.min(...[own, ...others].map(({ validToDate }) => validToDate.getTime())),
  };
}

/** To open a pipe that nobody writes to would be waited for. */
function requireFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) {
    throw new Error(`${path} is not a file that can be read again. Name one that is, or start the server again`);
  }
}

function isValid({ notBefore, notAfter }: Certificate, now: Instant): boolean {
  return notBefore <= now && now < notAfter;
}

function readable({ serial, notBefore, notAfter }: Certificate) {
  return { serial, notBefore: dateOf(notBefore), notAfter: dateOf(notAfter) };
}

function dateOf(instant: Instant): string {
  return new Date(instant).toISOString();
}
