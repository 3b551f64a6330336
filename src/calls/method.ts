/** What a method of the contract is to the doors that serve it: its operation, and how a call of it is treated. */
import type { Call } from '../core/operations/authenticate.ts';
import type { Services } from '../core/services/services.ts';

/** One method: its operation, on the decoded request. */
export interface Method<Request, Response> {
  readonly name: string;
  /** The level that a call which succeeded is logged at. */
  readonly logLevel: 'info' | 'debug';
  /** For an operation that finds out by itself whether its caller still stands. */
  readonly takesKnownCaller?: true;
  /** The same at once, without a promise, where that can be. Undefined, and what it throws: `run` has to answer. It changes nothing. */
  readonly runNow?: (services: Services, call: Call, request: Request) => Response | undefined;
  readonly run: (services: Services, call: Call, request: Request) => Promise<Response>;
}
