/** What every command calls: the methods of the contract, wherever they are answered. */
import type { ErrorCode } from '../../core/errors.ts';
import type { RequestOf, ResponseOf } from '../../grpc/methods/method.ts';
import type { MethodName } from './contract.ts';

/** A request of which what is left out is as unset. */
export type Partially<T> = T extends Date | Uint8Array | string | number | boolean | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Partially<Item>[]
    : { readonly [Key in keyof T]?: Partially<T[Key]> };

export interface Api {
  /** As whom: the operator on the machine may do all but get tokens, a client what its roles let it. */
  readonly as: 'operator' | 'client';
  /** Where the calls go, for people. */
  readonly where: string;
  /** Rejects with CallFailed. */
  call<Name extends MethodName>(method: Name, request: Partially<RequestOf<Name>>): Promise<ResponseOf<Name>>;
  close(): Promise<void>;
}

/**
 * `unreachable`: nothing was done. `outcome_unknown`: the way to the server broke after the call was sent, and it may have been done.
 * The others are those of the server.
 */
export type FailureCode = ErrorCode | 'unreachable' | 'outcome_unknown';

/** A call that was refused or failed. Its message is for people: it names the field and the mend. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}

/** Whether a method leaves all as it is, so that it can be repeated without a thought. */
export function isReading(method: MethodName): boolean {
  return /^(get|list|verify|introspect|count)/.test(method);
}
