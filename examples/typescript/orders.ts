/** A microservice over gRPC that only lets in who has a live token. */
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { Verifier } from '@symbolon/server';
import { callerOf, guard } from '@symbolon/server/grpc';
import { Orders, options } from './services.ts';

const verifier = new Verifier(options());
const scopes = { '/orders.v1.Orders/List': ['read'], '/orders.v1.Orders/Cancel': ['write'] };
const server = new Server({ interceptors: [guard(verifier, { realm: 'orders', scopes })] });

server.addService(Orders.service, {
  List(call: ServerUnaryCall<object, object>, answer: sendUnaryData<object>) {
    answer(null, { orders: ['bread', 'cheese'], client_id: callerOf(call).clientId });
  },
  Cancel(_: unknown, answer: sendUnaryData<object>) {
    answer(null, {});
  },
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) {
    throw error;
  }
  process.stdout.write(`ready 127.0.0.1:${port}\n`);
});
