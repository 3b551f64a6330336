/** Nodes of the real program on one PostgreSQL, the first of which made the demo tenant. */
import type { DemoRecord } from '../../src/server/demo.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';

export class Nodes implements AsyncDisposable {
  readonly #directory: ReturnType<typeof dataDirectory>;
  readonly #stores: readonly string[];
  readonly #ownsDirectory: boolean;
  readonly #workers: number | undefined;
  readonly servers: ServerProcess[] = [];

  /** `stores`: what each node is told as SYMBOLON_STORE. */
  private constructor(
    stores: readonly string[],
    directory: ReturnType<typeof dataDirectory> | undefined,
    workers: number | undefined,
  ) {
    this.#stores = stores;
    this.#workers = workers;
    this.#directory = directory ?? dataDirectory();
    this.#ownsDirectory = directory === undefined;
  }

  /** `directory`: where the demo tenant's secrets are, when the database has one already. `workers`: of each node. */
  static async start(
    stores: readonly string[],
    directory?: ReturnType<typeof dataDirectory>,
    workers?: number,
  ): Promise<Nodes> {
    const nodes = new Nodes(stores, directory, workers);
    for (const i of stores.keys()) {
      nodes.servers.push(await nodes.#startServer(i));
    }
    return nodes;
  }

  get demo(): DemoRecord {
    return (this.servers[0] as ServerProcess).demo;
  }

  get addresses(): string[] {
    return this.servers.map(({ grpcAddress }) => grpcAddress);
  }

  #startServer(index: number): Promise<ServerProcess> {
    const env = { SYMBOLON_STORE: this.#stores[index] ?? '', SYMBOLON_STORE_TLS: 'off' };
    const args = this.#workers === undefined ? [] : ['--workers', String(this.#workers)];
    const options = { dataDir: this.#directory.path, env, args };
    return index === 0 ? ServerProcess.startDemo(options) : ServerProcess.start(options);
  }

  /** Starts one again that has ended; it serves at another address than before. */
  async restart(index: number): Promise<void> {
    this.servers[index] = await this.#startServer(index);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    if (this.#ownsDirectory) {
      this.#directory[Symbol.dispose]();
    }
  }
}
