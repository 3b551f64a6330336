/** Where the store is: the flags of every command that opens one, and a message that names the flag and the fix when they are wrong. */
import { join } from 'node:path';
import type { Option } from 'commander';
import type { Place } from '../store/copy/end.ts';
import type { StoreLocation } from '../store/open.ts';
import {
  DEFAULT_ANSWER_TIMEOUT_MS,
  DEFAULT_POOL_SIZE,
  DEFAULT_STATEMENT_TIMEOUT_MS,
} from '../store/postgres/options.ts';
import {
  ConfigError,
  filePem,
  isLoopbackHost,
  option,
  parseTimeout,
  secretPem,
  switchOption,
  variableOf,
  wholeNumber,
} from './flags.ts';

/** How PostgreSQL is reached, as commander reads it. */
export interface TlsOptions {
  readonly storeTls?: boolean;
  readonly storeTlsCa?: string;
  readonly storeTlsCert?: string;
  readonly storeTlsKey?: string;
}

/** The options as commander reads them. */
export interface StoreOptions extends TlsOptions {
  readonly dataDir: string;
  readonly store: string;
  readonly storeReplica?: string;
  readonly storePoolSize: number;
  readonly storeStatementTimeout: number;
  readonly storeAnswerTimeout: number;
}

/** More would only wait for each other in the server. */
const MAX_POOL = 200;

export function dataDirOption(): Option {
  return option('--data-dir <directory>', 'where the SQLite store, its lock and the key file are').default('./data');
}

/** Where the key is unless `--key-file` says otherwise. */
export function standardKeyFile(dataDir: string): string {
  return join(dataDir, 'symbolon.key');
}

/** Listed apart, for they are the same everywhere. */
const HELP_GROUP = 'Where the store is:';

export function storeOption(): Option {
  return option(
    '--store <store>',
    'the store: sqlite, in the data directory, or postgres://user@host:port/database; better said by SYMBOLON_STORE',
  ).default('sqlite');
}

/** For what only SQLite has: a command must not work on the data directory when the store is said to be elsewhere. */
export function requireSqlite(store: string, instead: string): void {
  if (store !== 'sqlite') {
    throw new ConfigError(`--store (or SYMBOLON_STORE) says PostgreSQL, and this is for SQLite. ${instead}`);
  }
}

export function storeOptions(): Option[] {
  const options = [
    dataDirOption(),
    storeOption(),
    option('--store-replica <address>', 'a standby of that PostgreSQL, which answers calls that allow a max_staleness'),
    ...tlsOptions(),
    option('--store-pool-size <number>', 'connections to PostgreSQL that write at the same time')
      .default(DEFAULT_POOL_SIZE)
      .argParser(wholeNumber(1, MAX_POOL)),
    option('--store-statement-timeout <duration>', 'how long a statement may take before PostgreSQL ends it')
      .default(DEFAULT_STATEMENT_TIMEOUT_MS, '3s')
      .argParser(parseTimeout),
    option('--store-answer-timeout <duration>', 'how long this node waits for an answer of PostgreSQL')
      .default(DEFAULT_ANSWER_TIMEOUT_MS, '4s')
      .argParser(parseTimeout),
  ];
  return options.map((each) => each.helpGroup(HELP_GROUP));
}

export function tlsOptions(): Option[] {
  return [
    switchOption('--store-tls', 'encrypt the way to PostgreSQL (default: on; off when it is on this machine)'),
    option('--store-tls-ca <file>', 'PEM certificates that PostgreSQL’s is checked by (default: those of Node)'),
    option('--store-tls-cert <file>', 'PEM certificate that proves this node to PostgreSQL'),
    option('--store-tls-key <file>', 'its PEM private key'),
  ];
}

/** A store that a flag names by itself, for commands on two of them. */
export function placeNamed(flag: string, text: string, options: TlsOptions): Place {
  const directory = /^sqlite:(.+)$/.exec(text)?.[1];
  if (directory !== undefined) {
    return { kind: 'sqlite', directory };
  }
  if (!/^postgres(ql)?:/i.test(text.trim())) {
    throw new ConfigError(
      `${flag} (or ${variableOf(flag)}) names no store. Say sqlite:<data directory> or postgres://user@host:port/database`,
    );
  }
  const url = postgresUrl(flag, text);
  return { kind: 'postgres', url: url.href, ...tlsOf(options, url) };
}

export function storeLocation(options: StoreOptions): StoreLocation {
  if (options.store === 'sqlite') {
    if (options.storeReplica !== undefined) {
      throw new ConfigError('--store-replica is given, and the store is sqlite, which has none. Leave it out');
    }
    return { kind: 'sqlite', directory: options.dataDir };
  }
  const url = postgresUrl('--store', options.store);
  if (options.storeAnswerTimeout <= options.storeStatementTimeout) {
    throw new ConfigError(
      '--store-answer-timeout must be longer than --store-statement-timeout, because PostgreSQL must give up first',
    );
  }
  return {
    kind: 'postgres',
    url: url.href,
    ...replicaOf(options),
    ...tlsOf(options, url),
    poolSize: options.storePoolSize,
    statementTimeoutMs: options.storeStatementTimeout,
    answerTimeoutMs: options.storeAnswerTimeout,
  };
}

/** Whether the way there is encrypted depends on where the replica is, not on where the primary is. */
function replicaOf(options: StoreOptions) {
  if (options.storeReplica === undefined) {
    return {};
  }
  const url = postgresUrl('--store-replica', options.storeReplica);
  return { replica: { url: url.href, ...tlsOf(options, url) } };
}

/** Tells the scheme and no more: the address of a database may hold its password. */
function postgresUrl(flag: string, text: string): URL {
  const name = `${flag} (or ${variableOf(flag)})`;
  const scheme = /^([a-z][a-z0-9+]{0,19})(:|$)/i.exec(text.trim())?.[1]?.toLowerCase() ?? 'something else';
  if (scheme !== 'postgres' && scheme !== 'postgresql') {
    throw new ConfigError(
      `${name} asks for ${scheme === 'sqlite' ? text.trim() : scheme}, and there is no such store. ` +
        'Say sqlite, which is in --data-dir, or postgres://user@host:port/database',
    );
  }
  const url = /^postgres(ql)?:\/\//i.test(text.trim()) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.pathname.length < 2) {
    throw new ConfigError(
      `${name} is not the address of a database. Say postgres://user:password@host:port/database; ` +
        'in the password, % and what is not a letter or digit are written as %25 and the like',
    );
  }
  for (const [parameter, value] of url.searchParams) {
    if (parameter !== 'host' || !value.startsWith('/')) {
      throw new ConfigError(
        `${name} has the parameter ${parameter}, and knows only host=/directory, for a Unix socket. ` +
          'TLS, the pool and timeouts are flags of their own: --help lists them',
      );
    }
  }
  return url;
}

function tlsOf(options: TlsOptions, url: URL) {
  const files = { ca: options.storeTlsCa, cert: options.storeTlsCert, key: options.storeTlsKey };
  const isOn = options.storeTls ?? (!isThisMachine(url) || Object.values(files).some((file) => file !== undefined));
  if (!isOn) {
    const given = Object.entries(files).find(([, file]) => file !== undefined);
    if (given !== undefined) {
      throw new ConfigError(`--store-tls-${given[0]} is given with --store-tls off. Leave one of them out`);
    }
    return {};
  }
  if ((files.cert === undefined) !== (files.key === undefined)) {
    throw new ConfigError('--store-tls-cert and --store-tls-key belong together. Give both');
  }
  return {
    tls: {
      ...(files.ca === undefined ? {} : { ca: filePem('--store-tls-ca', files.ca) }),
      ...(files.cert === undefined ? {} : { cert: filePem('--store-tls-cert', files.cert) }),
      ...(files.key === undefined ? {} : { key: secretPem('--store-tls-key', files.key) }),
    },
  };
}

function isThisMachine(url: URL): boolean {
  return url.searchParams.has('host') || isLoopbackHost(url.hostname);
}
