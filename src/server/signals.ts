/**
 * What signals do to a server: some drain it, SIGHUP reads certificates anew, and no other ends it that can be caught. Decision 0123 has
 * the table.
 */
import { constants } from 'node:os';
import type { Logger } from 'pino';

/** What signals act on, once it serves. */
export interface Signalled {
  readonly certificates: { reload: () => void } | undefined;
  stop(): Promise<void>;
}

const ENDING = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGXCPU', 'SIGPWR'] as const;
/**
 * Node would open a debugger at the first, and the system would end the process at the others. Node itself ignores SIGPIPE and SIGXFSZ.
 * What stops a process is left to the terminal, for it goes on by SIGCONT.
 */
const IGNORED = ['SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGIO', 'SIGSTKFLT'] as const;
/** What samples the program for a profile is Node's. */
const PROFILING = /--(cpu-|heap-)?prof/;

export class Signals {
  readonly #log: Logger;
  readonly #exit: (code: number) => void;
  #server: Signalled | undefined;
  #isEnding = false;

  constructor(log: Logger, exit: (code: number) => void) {
    this.#log = log;
    this.#exit = exit;
  }

  /** From now on, also while the server is starting. */
  listen(): void {
    const isProfiled = PROFILING.test(`${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`);
    this.#on(ENDING, (signal) => this.#end(signal));
    this.#on(['SIGHUP'], () => this.#reload());
    this.#on([...IGNORED, ...(isProfiled ? [] : ['SIGPROF' as const])], (signal) =>
      this.#log.warn({ signal }, 'a signal that means nothing here was left alone'),
    );
  }

  /** It serves: signals are for it now. */
  serve(server: Signalled): void {
    this.#server = server;
  }

  #on(signals: readonly NodeJS.Signals[], act: (signal: NodeJS.Signals) => void): void {
    // Other systems have fewer.
    for (const signal of signals.filter((each) => each in constants.signals)) {
      process.on(signal, () => act(signal));
    }
  }

  #reload(): void {
    if (this.#server === undefined) {
      this.#log.info('SIGHUP came while the server was starting, and there is nothing to read anew');
    } else if (this.#server.certificates === undefined) {
      this.#log.info('SIGHUP came, and there is no certificate to read anew');
    } else {
      this.#server.certificates.reload();
    }
  }

  #end(signal: NodeJS.Signals): void {
    if (this.#server === undefined) {
      // Nobody was answered. What was begun is whole or not there, as after a crash.
      this.#log.info({ signal }, 'ended before it served');
      this.#exit(0);
      return;
    }
    if (this.#isEnding) {
      this.#log.warn({ signal }, 'ended before it was drained');
      this.#exit(1);
      return;
    }
    this.#isEnding = true;
    this.#log.info({ signal }, 'a signal ends the server');
    this.#server.stop().then(
      // Connections whose peers have gone silent would hold the process for as long as the kernel keeps them.
      () => this.#exit(0),
      (error: unknown) => {
        this.#log.fatal({ cause: String(error) }, 'draining failed');
        this.#exit(1);
      },
    );
  }
}
