/** The methods of symbolon.v1.DirectoryService: in `methods/`, by what they are about. */
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { DirectoryServiceService } from '../../gen/ts/symbolon/v1/directory_service.ts';
import { CLIENT_METHODS } from './methods/clients.ts';
import { DEVICE_METHODS } from './methods/devices.ts';
import type { Body, Methods } from './methods/method.ts';
import { PROOF_METHODS } from './methods/proofs.ts';
import { RECORD_METHODS } from './methods/records.ts';
import { TENANT_METHODS } from './methods/tenants.ts';
import { USER_METHODS } from './methods/users.ts';
import { type CallContext, lenient, unary } from './unary.ts';

/** A method of the contract that is missing here does not compile. */
const METHODS: Methods<keyof typeof DirectoryServiceService> = {
  ...TENANT_METHODS,
  ...CLIENT_METHODS,
  ...USER_METHODS,
  ...PROOF_METHODS,
  ...DEVICE_METHODS,
  ...RECORD_METHODS,
};

const GENERATED: ServiceDefinition = DirectoryServiceService;

/** The service as grpc-js takes it, with decoders that let malformed messages be refused instead of failing. */
export const directoryServiceDefinition: ServiceDefinition = Object.fromEntries(
  Object.entries(GENERATED).map(([name, definition]) => {
    // What is generated hands its argument on to the decoder of the message, which takes readers too.
    const decode = definition.requestDeserialize as (input: unknown) => unknown;
    return [name, { ...definition, requestDeserialize: lenient({ decode }) }];
  }),
);

export function directoryServiceHandlers(context: CallContext): UntypedServiceImplementation {
  const bodies: Readonly<Record<string, Body<never, unknown>>> = METHODS;
  return Object.fromEntries(
    Object.entries(bodies).map(([key, body]) => [
      key,
      unary(context, { ...body, name: `${key.charAt(0).toUpperCase()}${key.slice(1)}` }),
    ]),
  );
}
