/** Whose reasons an error has: those of the contract, and not those of what is between here and the server. */
import { Metadata, status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { ErrorInfo, RetryInfo } from '../../../gen/ts/google/rpc/error_details.ts';
import { Status } from '../../../gen/ts/google/rpc/status.ts';
import { DOMAIN } from '../../../gen/ts/symbolon/domain.ts';
import { ScriptedServer } from './scripted-server.ts';

const detail = (type: string, value: Uint8Array) => ({
  typeUrl: `type.googleapis.com/${type}`,
  value: Buffer.from(value),
});
const info = (domain: string, reason: string, type = 'google.rpc.ErrorInfo') =>
  detail(type, ErrorInfo.encode({ reason, domain, metadata: {} }).finish());
const RETRY = detail('google.rpc.RetryInfo', RetryInfo.encode({ retryDelay: { seconds: 3, nanos: 0 } }).finish());
const OURS = info(DOMAIN, 'ROLE_MISSING');

it.for([
  ['of the contract', [OURS], 'ROLE_MISSING'],
  ['of a balancer', [info('balancer.example', 'BUSY')], ''],
  ['of nobody', [info('', 'BUSY')], ''],
  ['of one that looks like the contract', [info('not.symbolon.internal', 'BUSY')], ''],
  ['of both', [info('balancer.example', 'BUSY'), OURS], 'ROLE_MISSING'],
  ['of another type', [info(DOMAIN, 'BUSY', 'example.ErrorInfo')], ''],
] as const)('the reason %s', async ([, details, reason]) => {
  await using server = await ScriptedServer.start();
  const metadata = new Metadata();
  const bytes = Status.encode({ code: 0, message: '', details: [...details, RETRY] }).finish();
  metadata.set('grpc-status-details-bin', Buffer.from(bytes));
  server.error = { code: status.INTERNAL, details: 'as the test has it', metadata };
  using verifier = server.verifier();
  await expect(verifier.check('syu_one')).rejects.toMatchObject({ code: 'INTERNAL', reason, retryAfterMs: 3_000 });
});
