/** The methods of symbolon.v1.DirectoryService: in `directory/`, by what they are about. */
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { DirectoryServiceService } from '../../gen/ts/symbolon/v1/directory_service.ts';
import { CLIENT_METHODS } from './directory/clients.ts';
import { DEVICE_METHODS } from './directory/devices.ts';
import type { Body, Methods } from './directory/method.ts';
import { PROOF_METHODS } from './directory/proofs.ts';
import { RECORD_METHODS } from './directory/records.ts';
import { TENANT_METHODS } from './directory/tenants.ts';
import { USER_METHODS } from './directory/users.ts';
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
