/** grpc-js with the messages of Introspect and nothing behind them: the most that a grpc-js server of ours could do. */
import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import {
  type IntrospectRequest,
  IntrospectResponse,
  TokenKind,
  TokenServiceService,
} from '../gen/ts/symbolon/v1/token_service.ts';

/** As long as a real answer. */
const ANSWER = IntrospectResponse.fromPartial({
  active: true,
  tokenId: 'tk_0000000000000000000000',
  kind: TokenKind.APPLICATION,
  tenantId: 'demo',
  clientId: 'demo-service',
  subjectId: 'demo-service',
  scopes: ['read'],
  issueTime: { seconds: 1_900_000_000, nanos: 0 },
  expireTime: { seconds: 1_900_003_600, nanos: 0 },
  familyId: 'fm_0000000000000000000000',
  revision: 1,
});

const introspect: handleUnaryCall<IntrospectRequest, IntrospectResponse> = (_call, callback) => callback(null, ANSWER);
const unimplemented = () => undefined;
const server = new Server();
server.addService(TokenServiceService, {
  issue: unimplemented,
  refresh: unimplemented,
  revoke: unimplemented,
  introspect,
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, port) => {
  console.log(`ready 127.0.0.1:${port}`);
});
