/** The services of the contract as grpc-js takes them, made of the methods that are in `methods/` by what they are about. */
import type { handleBidiStreamingCall, Server, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { AccessServiceService } from '../../gen/ts/symbolon/v1/access_service.ts';
import { AuditServiceService } from '../../gen/ts/symbolon/v1/audit_service.ts';
import { ClientServiceService } from '../../gen/ts/symbolon/v1/client_service.ts';
import { ConsentServiceService } from '../../gen/ts/symbolon/v1/consent_service.ts';
import { DeviceServiceService } from '../../gen/ts/symbolon/v1/device_service.ts';
import { ResourceServerServiceService } from '../../gen/ts/symbolon/v1/resource_server_service.ts';
import { ServerServiceService } from '../../gen/ts/symbolon/v1/server_service.ts';
import { TenantServiceService } from '../../gen/ts/symbolon/v1/tenant_service.ts';
import {
  IntrospectResponse,
  IssueResponse,
  RefreshResponse,
  TokenServiceService,
} from '../../gen/ts/symbolon/v1/token_service.ts';
import { UserServiceService } from '../../gen/ts/symbolon/v1/user_service.ts';
import type { Method } from '../calls/method.ts';
import type { CallContext } from '../calls/run.ts';
import type { WatchHub } from '../watch/hub.ts';
import type { UnaryMethod } from './direct-calls.ts';
import { encodeBatch } from './messages/encode-batch.ts';
import { ACCESS_METHODS } from './methods/access.ts';
import { AUDIT_METHODS } from './methods/audit.ts';
import { CLIENT_METHODS } from './methods/clients.ts';
import { CODE_METHODS } from './methods/codes.ts';
import { CONSENT_METHODS } from './methods/consents.ts';
import { DEVICE_METHODS } from './methods/devices.ts';
import { MESSAGE_METHODS } from './methods/messages.ts';
import type { Body, Contract, Methods, UnaryName, UnaryOf } from './methods/method.ts';
import { PASSWORD_METHODS } from './methods/passwords.ts';
import { RESOURCE_SERVER_METHODS } from './methods/resource-servers.ts';
import { SECOND_FACTOR_METHODS } from './methods/second-factors.ts';
import { SERVER_METHODS } from './methods/server.ts';
import { TENANT_METHODS } from './methods/tenants.ts';
import { TOKEN_METHODS } from './methods/tokens.ts';
import { USER_METHODS } from './methods/users.ts';
import { lenient, unary } from './unary.ts';
import { watchRevocations } from './watch-revocations.ts';

/** Methods that stream, each as grpc-js takes it: what they stream is their own. */
type Streams<Names extends keyof Contract> = {
  readonly [Name in Names]: (
    context: CallContext,
    hub: WatchHub | undefined,
  ) => handleBidiStreamingCall<never, unknown>;
};

interface Service {
  readonly definition: ServiceDefinition;
  readonly methods: Readonly<Record<string, Body<never, unknown>>>;
  readonly streams: Streams<never>;
}

/** A method that is missing does not compile. */
function service<Definition extends ServiceDefinition & Partial<Contract>>(
  definition: Definition,
  methods: Methods<UnaryOf<Definition> & UnaryName>,
  streams: Streams<Exclude<keyof Definition & keyof Contract, UnaryName>>,
): Service {
  return { definition, methods, streams };
}

const SERVICES = [
  service(TokenServiceService, TOKEN_METHODS, { watchRevocations }),
  service(TenantServiceService, TENANT_METHODS, {}),
  service(ClientServiceService, CLIENT_METHODS, {}),
  service(ResourceServerServiceService, RESOURCE_SERVER_METHODS, {}),
  service(
    UserServiceService,
    {
      ...USER_METHODS,
      ...PASSWORD_METHODS,
      ...CODE_METHODS,
      ...SECOND_FACTOR_METHODS,
      ...MESSAGE_METHODS,
    },
    {},
  ),
  service(DeviceServiceService, DEVICE_METHODS, {}),
  service(ConsentServiceService, CONSENT_METHODS, {}),
  service(AccessServiceService, ACCESS_METHODS, {}),
  service(AuditServiceService, AUDIT_METHODS, {}),
  service(ServerServiceService, SERVER_METHODS, {}),
];

/** Of what is called thousands of times a second. */
const WRITERS: ReadonlyMap<string | undefined, UnaryMethod['write']> = new Map([
  [TokenServiceService.introspect.path, IntrospectResponse.encode as UnaryMethod['write']],
  [TokenServiceService.issue.path, IssueResponse.encode as UnaryMethod['write']],
  [TokenServiceService.refresh.path, RefreshResponse.encode as UnaryMethod['write']],
]);

/** The methods with one message each way. */
export function unaryMethods(): UnaryMethod[] {
  return SERVICES.flatMap(({ definition, methods }) => {
    const definitions = lenientDefinition(definition);
    return Object.entries(methods).flatMap(([key, body]) => {
      const found = definitions[key];
      const write = WRITERS.get(found?.path);
      return found === undefined
        ? []
        : { definition: found, method: named(key, body) as Method<unknown, unknown>, write };
    });
  });
}

/** `hub`: absent where nobody watches. */
export function addServices(server: Server, context: CallContext, hub?: WatchHub): void {
  for (const { definition, methods, streams } of SERVICES) {
    const handlers = { ...handlersOf(context, methods), ...streamsOf(context, streams, hub) };
    server.addService(lenientDefinition(definition), handlers);
  }
}

/** With decoders that let malformed messages be refused instead of failing. */
function lenientDefinition(generated: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(generated).map(([name, definition]) => {
      // What is generated hands its argument on to the decoder of the message, which takes readers too.
      const decode = definition.requestDeserialize as (input: unknown) => unknown;
      return [name, { ...definition, requestDeserialize: lenient({ decode }), ...writtenOut(definition) }];
    }),
  );
}

/** What streams is handed over as bytes: what is sent to many is written out once. What is long is written by hand. */
function writtenOut({ path, responseStream }: { path: string; responseStream: boolean }) {
  if (responseStream) {
    return { responseSerialize: (bytes: Buffer) => bytes };
  }
  return path === TokenServiceService.batchIntrospect.path ? { responseSerialize: encodeBatch } : {};
}

function handlersOf(
  context: CallContext,
  bodies: Readonly<Record<string, Body<never, unknown>>>,
): UntypedServiceImplementation {
  return Object.fromEntries(Object.entries(bodies).map(([key, body]) => [key, unary(context, named(key, body))]));
}

/** Under its name in the contract. */
function named<Request, Response>(key: string, body: Body<Request, Response>): Method<Request, Response> {
  return { ...body, name: `${key.charAt(0).toUpperCase()}${key.slice(1)}` };
}

function streamsOf(
  context: CallContext,
  streams: Streams<never>,
  hub: WatchHub | undefined,
): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries<Streams<keyof Contract>[keyof Contract]>(streams).map(([key, stream]) => [
      key,
      stream(context, hub) as handleBidiStreamingCall<unknown, unknown>,
    ]),
  );
}
