/** The methods of the contract as `methods/` has them. */
import type { AccessServiceService } from '../../../gen/ts/symbolon/v1/access_service.ts';
import type { AuditServiceService } from '../../../gen/ts/symbolon/v1/audit_service.ts';
import type { ClientServiceService } from '../../../gen/ts/symbolon/v1/client_service.ts';
import type { ConsentServiceService } from '../../../gen/ts/symbolon/v1/consent_service.ts';
import type { DeviceServiceService } from '../../../gen/ts/symbolon/v1/device_service.ts';
import type { ResourceServerServiceService } from '../../../gen/ts/symbolon/v1/resource_server_service.ts';
import type { ServerServiceService } from '../../../gen/ts/symbolon/v1/server_service.ts';
import type { TenantServiceService } from '../../../gen/ts/symbolon/v1/tenant_service.ts';
import type {
  AwaitedVerifiers,
  RevocationWait,
  TokenServiceService,
} from '../../../gen/ts/symbolon/v1/token_service.ts';
import type { UserServiceService } from '../../../gen/ts/symbolon/v1/user_service.ts';
import type { Method } from '../../calls/method.ts';
import { endAndAwait } from '../../core/operations/await-verifiers.ts';
import { parseWait, toAwaitedMessage } from '../messages/waits.ts';

/** The methods of the contract, whichever service they belong to. */
export type Contract = typeof TokenServiceService &
  typeof TenantServiceService &
  typeof ClientServiceService &
  typeof ResourceServerServiceService &
  typeof UserServiceService &
  typeof DeviceServiceService &
  typeof ConsentServiceService &
  typeof AccessServiceService &
  typeof AuditServiceService &
  typeof ServerServiceService;

export type RequestOf<Name extends keyof Contract> = Parameters<Contract[Name]['requestSerialize']>[0];
export type ResponseOf<Name extends keyof Contract> = Parameters<Contract[Name]['responseSerialize']>[0];

/** The methods of a service that answer one message with one. */
export type UnaryOf<Service> = {
  [Name in keyof Service]: Service[Name] extends { readonly requestStream: false; readonly responseStream: false }
    ? Name
    : never;
}[keyof Service];

/** The methods that answer one message with one, whichever service they belong to. */
export type UnaryName = UnaryOf<Contract>;

/** A method without its name, which the contract has. */
export type Body<Request, Response> = Omit<Method<Request, Response>, 'name'>;

/** Some of the contract's methods. */
export type Methods<Names extends keyof Contract> = {
  readonly [Name in Names]: Body<RequestOf<Name>, ResponseOf<Name>>;
};

export function change<Request, Response>(run: Method<Request, Response>['run']): Body<Request, Response> {
  return { logLevel: 'info', run };
}

/** What ends tokens, and answers the revision that holds this; where it is asked for, when verifiers know it. */
export function ending<
  Request extends { readonly wait: RevocationWait },
  Response extends { readonly revision: number },
>(
  run: Method<Request, Response>['run'],
): Body<Request, Response & { readonly verifiers: AwaitedVerifiers | undefined }> {
  return change(async (services, call, request) => {
    if (!parseWait(request.wait)) {
      return { ...(await run(services, call, request)), verifiers: undefined };
    }
    const { answer, waited } = await endAndAwait(services, call, (ending) => run(services, ending, request));
    return { ...answer, verifiers: toAwaitedMessage(waited) };
  });
}

/** What changes nothing. */
export function read<Request, Response>(run: Method<Request, Response>['run']): Body<Request, Response> {
  return { logLevel: 'debug', run };
}

/** For an operation that finds out by itself whether its caller still stands, so that reading the caller is saved. */
export function byKnownCaller<Request, Response>(body: Body<Request, Response>): Body<Request, Response> {
  return { ...body, takesKnownCaller: true };
}
