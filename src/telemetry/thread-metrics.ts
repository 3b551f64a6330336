/** What a thread that answers calls costs. With several, the slowest event loop is told, and the sum of the heaps. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { gauge, type Metric } from './metric.ts';

const RESOLUTION_MS = 20;
/** Twice this is looked back on, so that nothing is missed between two scrapes of a quarter of a minute. */
const WINDOW_MS = 15_000;
const MS = 1_000;
const NANOSECONDS_OF_MS = 1e6;

type Delay = Readonly<Record<'p50' | 'p99' | 'max', number>>;

/** How late timers come, in seconds: the window that is whole, or the one that runs where that is worse. */
class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #turning: NodeJS.Timeout;
  #last: Delay = { p50: 0, p99: 0, max: 0 };

  constructor() {
    this.#histogram.enable();
    this.#turning = setInterval(() => {
      this.#last = this.#now();
      this.#histogram.reset();
    }, WINDOW_MS);
    this.#turning.unref();
  }

  read(): Delay {
    const now = this.#now();
    const { p50, p99, max } = this.#last;
    return { p50: Math.max(now.p50, p50), p99: Math.max(now.p99, p99), max: Math.max(now.max, max) };
  }

  stop(): void {
    clearInterval(this.#turning);
    this.#histogram.disable();
  }

  #now(): Delay {
    // What is measured is from one timer to the next.
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS_OF_MS - RESOLUTION_MS) / MS;
    const { count } = this.#histogram;
    return count === 0
      ? { p50: 0, p99: 0, max: 0 }
      : {
          p50: late(this.#histogram.percentile(50)),
          p99: late(this.#histogram.percentile(99)),
          max: late(this.#histogram.max),
        };
  }
}

/** `stop` ends the measuring. */
export function threadMetrics(): { metrics: readonly Metric[]; stop: () => void } {
  const delay = new LoopDelay();
  const metrics: Metric[] = [
    gauge(
      'nodejs.eventloop.delay.p50',
      's',
      'Half of the timers came no later, in the last 15 to 30 s',
      () => delay.read().p50,
    ),
    gauge(
      'nodejs.eventloop.delay.p99',
      's',
      '99 of 100 timers came no later, in the last 15 to 30 s',
      () => delay.read().p99,
    ),
    gauge(
      'nodejs.eventloop.delay.max',
      's',
      'How late a timer came at most, in the last 15 to 30 s',
      () => delay.read().max,
    ),
    gauge(
      'nodejs.eventloop.utilization',
      '1',
      'Part of the time since the start in which the event loop was busy',
      () => performance.eventLoopUtilization().utilization,
    ),
    gauge(
      'v8js.memory.heap.used',
      'By',
      'What is used of the heaps of the threads that answer calls',
      () => getHeapStatistics().used_heap_size,
    ),
    gauge('v8js.memory.heap.limit', 'By', 'What those heaps may grow to', () => getHeapStatistics().heap_size_limit),
  ];
  return { metrics, stop: () => delay.stop() };
}
