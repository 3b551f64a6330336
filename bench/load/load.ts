/** Calls one method over and over, and counts. */
import { Connection } from './connection.ts';
import { familyCpuSeconds, startCpuMeter } from './cpu.ts';
import { type Messages, messagesOf } from './messages.ts';
import type { LoadPlan, LoadResult } from './plan.ts';

export async function load(plan: LoadPlan): Promise<LoadResult> {
  const messages = messagesOf(plan);
  const opened = Array.from({ length: plan.connections }, () =>
    Connection.open(plan.address, plan.path, plan.authorization),
  );
  const connections = await Promise.all(opened);
  const run = new Run(plan, messages);
  const measured = run.measure();
  const lanes = connections.flatMap((connection) =>
    Array.from({ length: plan.streams }, () => run.startLane(connection)),
  );
  await Promise.all(lanes);
  const result = await measured;
  for (const connection of connections) {
    connection.close();
  }
  return { ...result, calls: run.calls, failed: run.failed, answers: run.answers };
}

type Measured = Omit<LoadResult, 'calls' | 'failed' | 'answers'>;

class Run {
  readonly #plan: LoadPlan;
  readonly #messages: Messages;
  readonly #answerStart: Buffer;
  readonly answers: string[] = [];
  calls = 0;
  failed = 0;
  #latencies: number[] = [];
  #isEnding = false;
  #lanes = 0;
  #onLastLane: () => void = () => undefined;

  constructor(plan: LoadPlan, messages: Messages) {
    this.#plan = plan;
    this.#messages = messages;
    this.#answerStart = Buffer.from(plan.answerStart ?? '', 'hex');
  }

  /** One call after the other, each begun by the answer to the one before. */
  startLane(connection: Connection): Promise<void> {
    this.#lanes += 1;
    return new Promise((resolve) => {
      let begin = 0;
      const call = () => {
        const message = this.#isEnding ? undefined : this.#messages.next();
        if (message === undefined) {
          this.#endLane();
          resolve();
          return;
        }
        begin = performance.now();
        connection.call(message, onAnswer);
      };
      const onAnswer = (answer: Buffer | undefined) => {
        this.#count(answer, performance.now() - begin);
        call();
      };
      call();
    });
  }

  #count(answer: Buffer | undefined, latency: number): void {
    this.calls += 1;
    this.#latencies.push(latency);
    const start = this.#answerStart;
    if (answer === undefined || !answer.subarray(0, start.length).equals(start)) {
      this.failed += 1;
      return;
    }
    this.#messages.answered(answer);
    if (this.#plan.keepAnswers === true) {
      this.answers.push(answer.toString('base64'));
    }
  }

  #endLane(): void {
    this.#lanes -= 1;
    if (this.#lanes === 0) {
      this.#onLastLane();
    }
  }

  /** From the end of the warm-up to the end of the time, or to the last answer when messages run out before. */
  async measure(): Promise<Measured> {
    const lastLane = new Promise<void>((resolve) => {
      this.#onLastLane = resolve;
    });
    await Promise.race([sleep(this.#plan.warmupSeconds), lastLane]);
    this.#latencies = [];
    const { serverPid, storePid } = this.#plan;
    const meters = [startCpuMeter(process.pid), startCpuMeter(serverPid)] as const;
    const store = storePid === undefined ? 0 : familyCpuSeconds(storePid);
    const begin = performance.now();
    await Promise.race([sleep(this.#plan.seconds), lastLane]);
    const seconds = (performance.now() - begin) / 1_000;
    const [load, server] = [meters[0](), meters[1]()];
    const storeBusy = storePid === undefined ? 0 : (familyCpuSeconds(storePid) - store) / seconds;
    this.#isEnding = true;
    return { ...summaryOf(this.#latencies.slice(), seconds), load, server, storeBusy };
  }
}

function summaryOf(latencies: number[], seconds: number): Omit<Measured, 'load' | 'server' | 'storeBusy'> {
  latencies.sort((a, b) => a - b);
  const at = (share: number) => Number((latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(2));
  return {
    callsPerSecond: Math.round(latencies.length / seconds),
    measuredCalls: latencies.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    seconds,
  };
}

/** Its timer keeps the process no longer than the calls do. */
function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1_000).unref();
  });
}
