/** The servers that scenarios are played at. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoRecord } from '../../../src/server/demo.ts';
import { runProgram } from '../../process/program.ts';
import { dataDirectory, ServerProcess } from '../../process/server-process.ts';
import { makeCertificate } from '../../process/tls-files.ts';
import { Admin } from '../typescript/faults/ends.ts';
import { type Lack, ScriptedServer } from '../typescript/scripted-server.ts';
import { portOf } from '../typescript/service.ts';

/** The real server, in a process that may end and begin anew. */
export class RealServer implements AsyncDisposable {
  readonly #directory = dataDirectory();
  readonly #args: readonly string[];
  /** PEM of its certificate, and of one that it does not have. */
  readonly certificates: { readonly own: string; readonly foreign: string } | undefined;
  #process: ServerProcess | undefined;
  #operator: Promise<Admin> | undefined;

  constructor(isTls: boolean) {
    if (!isTls) {
      this.#args = [];
      return;
    }
    const { certificate, key } = makeCertificate(this.#directory.root, 'own', HERE);
    const foreign = makeCertificate(this.#directory.root, 'foreign', HERE);
    this.certificates = {
      own: readFileSync(certificate, 'utf8'),
      foreign: readFileSync(foreign.certificate, 'utf8'),
    };
    this.#args = ['--tls-cert', certificate, '--tls-key', key];
  }

  static async started(isTls = false): Promise<RealServer> {
    const server = new RealServer(isTls);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    this.#process = await ServerProcess.startDemo({ dataDir: this.#directory.path, args: this.#args });
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** Who makes tenants, at this server for as long as it runs. */
  operator(): Promise<Admin> {
    this.#operator ??= this.#makeOperator();
    return this.#operator;
  }

  async #makeOperator(): Promise<Admin> {
    const { tenant_id } = this.demo;
    const made = await this.run('client', 'create', '--tenant', tenant_id, '--role', 'operator', '--json');
    const { client_id, client_secret } = JSON.parse(made) as { client_id: string; client_secret: string };
    return new Admin({ ...this.demo, admin: { client_id, client_secret } }, this.demo.grpc, this.certificates?.own);
  }

  /** The codes that it showed so far for an e-mail address or a phone number, in their order. */
  codesFor(address: string): readonly string[] {
    const stdout = this.#process?.running.stdout ?? '';
    const lines = stdout.split('\n').filter((line) => line.includes(`for ${JSON.stringify(address)} is `));
    return lines.map((line) => line.split(' is ').at(-1)?.trim() ?? '');
  }

  get demo(): DemoRecord {
    if (this.#process === undefined) {
      throw new Error('the server was not started');
    }
    return this.#process.demo;
  }

  get port(): number {
    return portOf(this.demo.grpc);
  }

  async backUp(): Promise<void> {
    await this.run('store', 'backup', '--to', this.#backup);
  }

  /** Of a server that does not run. */
  async restore(): Promise<void> {
    for (const end of ['', '-wal', '-shm']) {
      rmSync(join(this.#directory.path, `symbolon.db${end}`), { force: true });
    }
    await this.run('store', 'restore', '--from', this.#backup);
  }

  get #backup(): string {
    return join(this.#directory.root, 'backup.db');
  }

  /** The program beside the server, in its directory. */
  async run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runProgram([...args, '--data-dir', this.#directory.path]);
    if (code !== 0) {
      throw new Error(`${args.join(' ')} failed: ${stderr}`);
    }
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    (await this.#operator?.catch(() => undefined))?.[Symbol.dispose]();
    await this.kill();
    this.#directory[Symbol.dispose]();
  }
}

/** By its address too, or a stack tells of the one of localhost where nobody listens. */
const HERE = { names: 'DNS:localhost,IP:127.0.0.1' };

/** What `server` of a scenario may be. `shared` and `tls`: real ones that others use too, so nothing may stop them. */
export type Kind = 'shared' | 'own' | 'tls' | 'scripted' | 'older: no watch' | 'older: no checks';

const LACKS: Partial<Record<Kind, Lack>> = {
  'older: no watch': 'watchRevocations',
  'older: no checks': 'batchIntrospect',
};

export interface Place {
  readonly real?: RealServer;
  readonly scripted?: ScriptedServer;
  readonly port: number;
  readonly end: () => Promise<void>;
}

/** The real servers that many scenarios use, each begun with the first of them. */
export class SharedServers implements AsyncDisposable {
  readonly #begun = new Map<boolean, Promise<RealServer>>();

  get(isTls: boolean): Promise<RealServer> {
    const server = this.#begun.get(isTls) ?? RealServer.started(isTls);
    this.#begun.set(isTls, server);
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = [...this.#begun.values()].map(async (server) => (await server)[Symbol.asyncDispose]());
    await Promise.allSettled(ended);
  }
}

export async function placeOf(kind: Kind, shared: SharedServers): Promise<Place> {
  if (kind === 'shared' || kind === 'tls') {
    const real = await shared.get(kind === 'tls');
    return { real, port: real.port, end: async () => undefined };
  }
  if (kind === 'own') {
    const real = await RealServer.started();
    return { real, port: real.port, end: () => real[Symbol.asyncDispose]() };
  }
  const scripted = await ScriptedServer.start(LACKS[kind]);
  scripted.greets = true;
  return { scripted, port: scripted.port, end: () => scripted[Symbol.asyncDispose]() };
}
