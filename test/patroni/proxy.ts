/** HAProxy in front of the cluster, on this machine's address in its network. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, ownAddress, type Plan } from './namespaces.ts';
import { fill } from './templates.ts';
import type { Tools } from './tools.ts';

export const PRIMARY_PORT = 5000;
export const REPLICA_PORT = 5001;

export function startProxy({ haproxy }: Tools, plan: Plan, directory: string, log: string): void {
  const config = join(directory, 'haproxy.cfg');
  const servers = plan.nodes.flatMap((node, index) => [
    [`NODE${index + 1}_NAME`, node],
    [`NODE${index + 1}_ADDRESS`, addressOf(plan, node)],
  ]);
  const values = { PROXY_ADDRESS: ownAddress(plan), PRIMARY_PORT, REPLICA_PORT, ...Object.fromEntries(servers) };
  writeFileSync(config, fill('haproxy.cfg', values));
  const output = openSync(log, 'a');
  const proxy = spawn(haproxy, ['-db', '-f', config], { stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  proxy.unref();
  // For reap.sh.
  writeFileSync(join(directory, 'haproxy.pid'), String(proxy.pid));
}
