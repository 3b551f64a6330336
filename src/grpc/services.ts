/** The services of the contract as grpc-js takes them, made of the methods that are in `methods/` by what they are about. */
import type { Server, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { DirectoryServiceService } from '../../gen/ts/symbolon/v1/directory_service.ts';
import { TokenServiceService } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { CallContext } from '../calls/run.ts';
import { AUDIT_METHODS } from './methods/audit.ts';
import { CLIENT_METHODS } from './methods/clients.ts';
import { CODE_METHODS } from './methods/codes.ts';
import { DEVICE_METHODS } from './methods/devices.ts';
import { MESSAGE_METHODS } from './methods/messages.ts';
import type { Body, Methods } from './methods/method.ts';
import { PASSWORD_METHODS } from './methods/passwords.ts';
import { SECOND_FACTOR_METHODS } from './methods/second-factors.ts';
import { TENANT_METHODS } from './methods/tenants.ts';
import { LIVE_TOKEN_METHODS, TOKEN_METHODS } from './methods/tokens.ts';
import { USER_METHODS } from './methods/users.ts';
import { lenient, unary } from './unary.ts';

/** A method of the contract that is missing here does not compile. */
const TOKEN_SERVICE: Methods<keyof typeof TokenServiceService> = TOKEN_METHODS;

const DIRECTORY_SERVICE: Methods<keyof typeof DirectoryServiceService> = {
  ...TENANT_METHODS,
  ...CLIENT_METHODS,
  ...USER_METHODS,
  ...PASSWORD_METHODS,
  ...CODE_METHODS,
  ...SECOND_FACTOR_METHODS,
  ...DEVICE_METHODS,
  ...LIVE_TOKEN_METHODS,
  ...MESSAGE_METHODS,
  ...AUDIT_METHODS,
};

export function addServices(server: Server, context: CallContext): void {
  server.addService(lenientDefinition(TokenServiceService), handlersOf(context, TOKEN_SERVICE));
  server.addService(lenientDefinition(DirectoryServiceService), handlersOf(context, DIRECTORY_SERVICE));
}

/** With decoders that let malformed messages be refused instead of failing. */
function lenientDefinition(generated: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(generated).map(([name, definition]) => {
      // What is generated hands its argument on to the decoder of the message, which takes readers too.
      const decode = definition.requestDeserialize as (input: unknown) => unknown;
      return [name, { ...definition, requestDeserialize: lenient({ decode }) }];
    }),
  );
}

function handlersOf(
  context: CallContext,
  bodies: Readonly<Record<string, Body<never, unknown>>>,
): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(bodies).map(([key, body]) => [
      key,
      unary(context, { ...body, name: `${key.charAt(0).toUpperCase()}${key.slice(1)}` }),
    ]),
  );
}
