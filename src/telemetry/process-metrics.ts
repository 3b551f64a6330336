/** What the process costs, under the names of OpenTelemetry's conventions where there are names. */
import { readdirSync } from 'node:fs';
import { gauge, labelled, type Metric } from './metric.ts';
import { threadMetrics } from './thread-metrics.ts';

const MICROSECONDS = 1e6;
const FILES = '/proc/self/fd';

/** `stop` ends the measuring. */
export function processMetrics(): { metrics: readonly Metric[]; stop: () => void } {
  const thread = threadMetrics();
  const metrics: Metric[] = [
    ...thread.metrics,
    labelled(
      { name: 'process.cpu.time', type: 'counter', unit: 's', help: 'Processor time of all threads' },
      'cpu.mode',
      () => {
        const { user, system } = process.cpuUsage();
        return { user: user / MICROSECONDS, system: system / MICROSECONDS };
      },
    ),
    gauge('process.memory.usage', 'By', 'Memory that the process holds (resident set)', () =>
      process.memoryUsage.rss(),
    ),
    gauge('process.uptime', 's', 'How long the process runs', () => process.uptime()),
    { name: 'process.open_fds', type: 'gauge', unit: '', help: 'Open files and sockets, on Linux', read: openFiles },
  ];
  return { metrics, stop: thread.stop };
}

function openFiles() {
  try {
    return [{ labels: {}, value: readdirSync(FILES).length }];
  } catch {
    return [];
  }
}
