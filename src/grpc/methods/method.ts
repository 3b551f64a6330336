/** The types of DirectoryService's methods, as its contract has them. */
import type { DirectoryServiceService } from '../../../gen/ts/symbolon/v1/directory_service.ts';
import type { Method } from '../unary.ts';

type Service = typeof DirectoryServiceService;

export type RequestOf<Name extends keyof Service> = Parameters<Service[Name]['requestSerialize']>[0];
export type ResponseOf<Name extends keyof Service> = Parameters<Service[Name]['responseSerialize']>[0];

/** A method without its name, which the contract has. */
export type Body<Request, Response> = Omit<Method<Request, Response>, 'name'>;

/** Some of the service's methods. */
export type Methods<Names extends keyof Service> = {
  readonly [Name in Names]: Body<RequestOf<Name>, ResponseOf<Name>>;
};

export function change<Request, Response>(run: Method<Request, Response>['run']): Body<Request, Response> {
  return { logLevel: 'info', run };
}

/** What changes nothing. */
export function read<Request, Response>(run: Method<Request, Response>['run']): Body<Request, Response> {
  return { logLevel: 'debug', run };
}
