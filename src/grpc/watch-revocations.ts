/** WatchRevocations as grpc-js takes it. It knows its caller, and can do nothing else yet. */
import { type handleBidiStreamingCall, status } from '@grpc/grpc-js';
import type { Method } from '../calls/method.ts';
import { type CallContext, runCall } from '../calls/run.ts';
import { requirePermission } from '../core/permissions.ts';
import { grpcStatus } from './status-details.ts';
import { GrpcCall } from './unary.ts';

const METHOD: Method<unknown, void> = {
  name: 'WatchRevocations',
  logLevel: 'info',
  run: async (_services, { caller }) => requirePermission(caller, 'introspect'),
};

export function watchRevocations(context: CallContext): handleBidiStreamingCall<unknown, unknown> {
  return (call) => {
    const received = new GrpcCall<unknown>(call);
    runCall(
      context,
      METHOD,
      received,
      () => call.emit('error', { code: status.UNIMPLEMENTED, details: 'This server has no WatchRevocations yet' }),
      (error) => call.emit('error', grpcStatus(error, received.requestId)),
    );
  };
}
