/** Verifiers of the SDK in processes of their own, which hold a token and tell when they deny it. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ClientSecret } from '../tokens.ts';
import type { Tells, Told } from './messages.ts';

const PROGRAM = fileURLToPath(new URL('verifier-process.ts', import.meta.url));

type Answer<Kind extends Tells['kind']> = Extract<Tells, { kind: Kind }>;

export class Fleet {
  readonly #processes: readonly ChildProcess[];

  private constructor(processes: readonly ChildProcess[]) {
    this.#processes = processes;
  }

  /** `sizes`: how many verifiers each process has. The processes take turns among the addresses. Resolves when all are open. */
  static async open(addresses: readonly string[], client: ClientSecret, sizes: readonly number[]): Promise<Fleet> {
    const fleet = new Fleet(sizes.map(() => fork(PROGRAM)));
    const opened = fleet.#all('opened');
    for (const [i, verifiers] of sizes.entries()) {
      const address = addresses[i % addresses.length] ?? '';
      fleet.#processes[i]?.send({ kind: 'open', address, client, verifiers } satisfies Told);
    }
    await opened;
    return fleet;
  }

  /** Resolves when all of them have it in memory. */
  async hold(token: string): Promise<void> {
    const held = this.#all('held');
    this.#tell({ kind: 'hold', token });
    await held;
  }

  /** They check it on and on. Answers of each process when all of its verifiers denied it. */
  denied(token: string): Promise<Answer<'denied'>[]> {
    const denied = this.#all('denied');
    this.#tell({ kind: 'look', token });
    return denied;
  }

  /** The processor has it no more, as a machine that stands still, until it is thawed. */
  freeze(process: number): void {
    this.#processes[process]?.kill('SIGSTOP');
  }

  thaw(process: number): void {
    this.#processes[process]?.kill('SIGCONT');
  }

  close(): void {
    for (const each of this.#processes) {
      each.disconnect();
    }
  }

  #tell(message: Told): void {
    for (const each of this.#processes) {
      each.send(message);
    }
  }

  #all<Kind extends Tells['kind']>(kind: Kind): Promise<Answer<Kind>[]> {
    return Promise.all(this.#processes.map((process) => answerOf(process, kind)));
  }
}

function answerOf<Kind extends Tells['kind']>(process: ChildProcess, kind: Kind): Promise<Answer<Kind>> {
  return new Promise((resolve, reject) => {
    const onEnd = (code: number | null) => reject(new Error(`a process of verifiers ended with ${code}`));
    const onMessage = (message: Tells) => {
      if (message.kind === kind) {
        process.off('message', onMessage);
        process.off('exit', onEnd);
        resolve(message as Answer<Kind>);
      }
    };
    process.on('message', onMessage);
    process.on('exit', onEnd);
  });
}
