/** Calls that the server beside us answers over its socket, for the operator on the machine. */
import { credentials, Metadata } from '@grpc/grpc-js';
import { OPERATOR_KEY, TENANT_KEY } from '../../calls/operator-keys.ts';
import type { MachineOperator } from '../../core/operations/machine-operator.ts';
import type { Api } from './api.ts';
import { openGrpc } from './grpc.ts';

export function openSocket(path: string, dataDir: string, { tenantId, name }: MachineOperator): Api {
  const metadata = new Metadata();
  metadata.set(TENANT_KEY, encodeURIComponent(tenantId));
  metadata.set(OPERATOR_KEY, encodeURIComponent(name));
  return openGrpc({
    as: 'operator',
    where: `the server of ${dataDir}`,
    target: `unix:${path}`,
    credentials: credentials.createInsecure(),
    metadata,
    channelOptions: { 'grpc.default_authority': 'localhost' },
  });
}
