/** Flags and environment of the command line: what they may hold, and a message that names the flag and the fix when they don't. */
import type { Option } from 'commander';
import type { SendersConfig } from '../senders/open.ts';
import type { StoreLocation } from '../store/open.ts';
import type { Sampling } from '../telemetry/traces/sampling.ts';
import { isLoopback, parseAddress } from './address.ts';
import {
  type CertifiedDevicesConfig,
  type CertifiedDevicesOptions,
  certifiedDevicesConfig,
  certifiedDevicesOptions,
} from './certified-devices.ts';
import { ConfigError, option, parseWait, switchOption, wholeNumber } from './flags.ts';
import { type IssuerOptions, type IssuersConfig, issuerOptions, issuersConfig } from './issuers.ts';
import { type MetricsConfig, metricsConfig, metricsOption } from './metrics.ts';
import { type SenderOptions, senderOptions, sendersConfig } from './senders.ts';
import { type StoreOptions, standardKeyFile, storeLocation, storeOptions } from './store.ts';
import { type TlsConfig, tlsConfig } from './tls.ts';
import { tracesConfig } from './traces.ts';
import { MAX_WORKERS, standardWorkers } from './workers.ts';

/** What `symbolon serve` was told. */
export interface ServeConfig {
  readonly grpcAddress: string;
  readonly httpAddress: string;
  /** Threads that serve calls; 1 is the main thread itself. */
  readonly workers: number;
  readonly metrics: MetricsConfig;
  /** Which calls are traced; undefined: none. */
  readonly traces: Sampling | undefined;
  /** For files beside the store. */
  readonly dataDir: string;
  readonly keyFile: string;
  readonly store: StoreLocation;
  readonly demo: boolean;
  readonly reflection: boolean;
  readonly tls: TlsConfig | undefined;
  readonly logLevel: string;
  /** How long health says NOT_SERVING before new calls are refused. */
  readonly drainDelayMs: number;
  /** How long calls in flight may take once they are. */
  readonly drainGraceMs: number;
  readonly senders: SendersConfig;
  readonly issuers: IssuersConfig;
  /** Where devices register by certificate; undefined: nowhere. */
  readonly certifiedDevices: CertifiedDevicesConfig | undefined;
  readonly argon2: { readonly memoryKib: number; readonly passes: number; readonly lanes: number };
}

/** The options as commander reads them. */
export interface ServeOptions extends StoreOptions, SenderOptions, IssuerOptions, CertifiedDevicesOptions {
  readonly grpcAddress: string;
  readonly httpAddress: string;
  readonly workers: number;
  readonly metricsAddress?: string;
  readonly keyFile?: string;
  readonly demo?: boolean;
  readonly reflection?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly insecurePlaintext?: boolean;
  readonly logLevel: string;
  readonly drainDelay: number;
  readonly drainGrace: number;
  readonly argon2MemoryKib: number;
  readonly argon2Passes: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
/** Below OWASP's minimum only where somebody says so; above, a login becomes a denial of service. */
const ARGON2_MEMORY_KIB = { least: 8, most: 1_048_576, standard: 19_456 };
const ARGON2_PASSES = { least: 1, most: 100, standard: 2 };

export function serveOptions(): Option[] {
  return [
    option('--grpc-address <host:port>', 'where gRPC listens; port 0 takes a free one')
      .default('127.0.0.1:50051')
      .argParser(parseAddress),
    option('--http-address <host:port>', 'where REST listens; port 0 takes a free one')
      .default('127.0.0.1:8080')
      .argParser(parseAddress),
    option('--workers <number>', 'threads that serve calls, on the same ports; more than 1 needs Linux')
      .default(standardWorkers(), 'one a core, as far as the memory goes')
      .argParser(wholeNumber(1, MAX_WORKERS)),
    ...issuerOptions(),
    ...certifiedDevicesOptions(),
    metricsOption(),
    ...storeOptions(),
    option(
      '--key-file <file>',
      'file of the key that all servers of the store share (default: symbolon.key in the data directory)',
    ),
    ...senderOptions(),
    switchOption('--demo', 'make a tenant to try things on, and print lines to paste'),
    switchOption('--reflection', 'serve gRPC reflection (default: on with --demo, else off)'),
    option('--tls-cert <file>', 'PEM certificate chain; with --tls-key all servers speak TLS'),
    option('--tls-key <file>', 'PEM private key'),
    switchOption('--insecure-plaintext', 'allow an address other than loopback without TLS'),
    option('--log-level <level>', 'least severe level that is logged').choices(LOG_LEVELS).default('info'),
    option('--drain-delay <duration>', 'after SIGTERM: how long health says NOT_SERVING before new calls are refused')
      .default(0, '0s')
      .argParser(parseWait),
    option('--drain-grace <duration>', 'after that: how long calls in flight may take')
      .default(10_000, '10s')
      .argParser(parseWait),
    option('--argon2-memory-kib <number>', 'memory of one password hash, in KiB')
      .default(ARGON2_MEMORY_KIB.standard)
      .argParser(wholeNumber(ARGON2_MEMORY_KIB.least, ARGON2_MEMORY_KIB.most)),
    option('--argon2-passes <number>', 'passes of one password hash')
      .default(ARGON2_PASSES.standard)
      .argParser(wholeNumber(ARGON2_PASSES.least, ARGON2_PASSES.most)),
  ];
}

/** Checks what the options say together. Half a security option is refused, never half obeyed. */
export function serveConfig(options: ServeOptions): ServeConfig {
  const store = storeLocation(options);
  const senders = sendersConfig(options);
  const tls = tlsConfig(options.tlsCert, options.tlsKey);
  const metrics = metricsConfig(options.metricsAddress);
  for (const [flag, address, what] of [
    ['--grpc-address', options.grpcAddress, 'tokens'],
    ['--http-address', options.httpAddress, 'tokens'],
    ['--metrics-address', metrics.address, 'the names of tenants and clients'],
  ] as const) {
    if (address !== undefined && tls === undefined && options.insecurePlaintext !== true && !isLoopback(address)) {
      throw new ConfigError(
        `${flag} ${address} can be reached from other machines, and ${what} would cross the network in plain text. ` +
          'Give --tls-cert and --tls-key, listen on 127.0.0.1, or say --insecure-plaintext if a proxy on this host ends TLS',
      );
    }
  }
  if (options.workers > 1 && process.platform !== 'linux') {
    throw new ConfigError(`--workers ${options.workers} needs Linux, where threads can share a port. Leave it out`);
  }
  const demo = options.demo ?? false;
  const issuers = issuersConfig(options, demo);
  return {
    grpcAddress: options.grpcAddress,
    httpAddress: options.httpAddress,
    workers: options.workers,
    metrics,
    traces: tracesConfig(),
    dataDir: options.dataDir,
    keyFile: options.keyFile ?? standardKeyFile(options.dataDir),
    store,
    demo,
    reflection: options.reflection ?? demo,
    tls,
    logLevel: options.logLevel,
    drainDelayMs: options.drainDelay,
    drainGraceMs: options.drainGrace,
    senders,
    issuers,
    certifiedDevices: certifiedDevicesConfig(options, tls, issuers.artikTenant),
    argon2: { memoryKib: options.argon2MemoryKib, passes: options.argon2Passes, lanes: 1 },
  };
}
