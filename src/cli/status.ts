/** `symbolon status`: how the server is, or the store where none runs. */
import { Command } from 'commander';
import type { BoundedCount, GetServerStatusResponse } from '../../gen/ts/symbolon/v1/server_service.ts';
import { type ApiOptions, withApi, withApiOptions } from './api/open.ts';
import { jsonOption, type OutputOptions, printResult, type Result } from './terminal/output.ts';
import { timeText } from './times.ts';

/** As ts-proto numbers them. */
const ENGINES = [null, 'sqlite', 'postgres'];

export function statusCommand(version: string): Command {
  const command = new Command('status')
    .description(
      'tell how the server is, or the store where none runs: version, counts, what waits, and the certificate',
    )
    .addOption(jsonOption())
    .action(async (options: ApiOptions & OutputOptions) => {
      const { where, status } = await withApi(options, '', async (api) => ({
        where: api.where,
        status: await api.call('getServerStatus', {}),
      }));
      const result = options.json === true ? numbersOf(status) : textsOf(status);
      const note = status.version === '' ? 'No server was asked: this is what the store knows.' : undefined;
      printResult(options, { asked: where, command_version: version, ...result }, note);
    });
  return withApiOptions(command);
}

function commonOf(status: GetServerStatusResponse): Result {
  return {
    server_version: status.version === '' ? null : status.version,
    start_time: timeText(status.startTime),
    certificate_end_time: timeText(status.certificateEndTime),
    store_engine: ENGINES[status.storeEngine] ?? null,
    schema_version: status.schemaVersion,
    readable: status.readable,
    writable: status.writable,
    wal_bytes: status.walBytes ?? null,
    nodes: status.nodes,
  };
}

const COUNTS = ['tenants', 'clients', 'users', 'devices', 'logins', 'pendingMessages'] as const;

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** For scripts: numbers, and beside each whether there may be more. */
function numbersOf(status: GetServerStatusResponse): Result {
  const counts = COUNTS.flatMap((name) => {
    const { count = 0, more = false } = status[name] ?? {};
    return [[snakeCase(name), count] as const, [`more_${snakeCase(name)}`, more] as const];
  });
  return {
    ...commonOf(status),
    ...Object.fromEntries(counts),
    oldest_pending_time: timeText(status.oldestPendingTime),
  };
}

function textsOf(status: GetServerStatusResponse): Result {
  const counts = COUNTS.map((name) => [snakeCase(name), countText(status[name])]);
  return {
    ...commonOf(status),
    ...Object.fromEntries(counts),
    oldest_pending_time: timeText(status.oldestPendingTime),
  };
}

function countText({ count = 0, more = false }: Partial<BoundedCount> = {}): string {
  return `${more ? 'at least ' : ''}${count.toLocaleString('en')}`;
}
