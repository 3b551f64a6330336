/** Calls that are answered in this process, on the store itself: by the same method bodies as a server's, for the operator on the machine. */
import { randomBytes } from 'node:crypto';
import { SymbolonError } from '../../core/errors.ts';
import { operatorOnMachine } from '../../core/operations/machine-operator.ts';
import { reasonOf } from '../../core/reason.ts';
import { type Services, servicesOf } from '../../core/services/services.ts';
import type { Store } from '../../core/services/store.ts';
import { describeLocation, openStore, type StoreLocation } from '../../store/open.ts';
import { openWatch } from '../../watch/open.ts';
import { type Api, CallFailed } from './api.ts';
import { bodyOf, type MethodName, wireOf } from './contract.ts';
import { lazyHasher } from './hasher.ts';
import { KeyMissing, LazyKeys } from './keys.ts';

export interface LocalOptions {
  readonly location: StoreLocation;
  readonly keyFile: string;
  /** Empty where the command names none. */
  readonly tenantId: string;
  /** The name of the operator on the machine. */
  readonly operator: string;
  /** Of a data directory; let go of when the calls are over. */
  readonly lock?: { readonly release: () => void };
}

export async function openLocal({ location, keyFile, tenantId, operator, lock }: LocalOptions): Promise<Api> {
  let store: Store | undefined;
  try {
    store = await openStore(location, { clock: Date.now, hasLock: lock !== undefined, isCommand: true });
    const random = (bytes: number) => new Uint8Array(randomBytes(bytes));
    const keys = await LazyKeys.of(keyFile, store, random);
    const { verifiers } = openWatch(store, Date.now);
    const services = servicesOf({ store, passwords: lazyHasher(), keys, clock: Date.now, random, verifiers });
    return apiOf(services, {
      tenantId,
      operator,
      where: describeLocation(location),
      makeKey: () => keys.make(),
      close: async () => {
        await services.store.close();
        lock?.release();
      },
    });
  } catch (error) {
    await store?.close();
    lock?.release();
    throw error;
  }
}

export interface ApiParts extends Pick<Api, 'where' | 'close'>, Pick<LocalOptions, 'tenantId' | 'operator'> {
  /** Makes the key of the servers, where there is none yet. */
  readonly makeKey: () => Promise<void>;
}

/** The methods as the operator on the machine calls them in this process. */
export function apiOf(services: Services, { tenantId, operator: name, where, makeKey, close }: ApiParts): Api {
  const run = async (method: MethodName, partial: object): Promise<object> => {
    const [{ definition, whole }, body] = await Promise.all([wireOf(method), bodyOf(method)]);
    // As on the wire, so that no way understands a message differently.
    const request = definition.requestDeserialize(definition.requestSerialize(whole(partial)));
    const call = { caller: await operatorOnMachine(services, { tenantId, name }) };
    const answer = await body.run(services, call, request).catch(async (error: unknown) => {
      if (error instanceof KeyMissing) {
        await makeKey();
        return body.run(services, call, request);
      }
      throw error;
    });
    return definition.responseDeserialize(definition.responseSerialize(answer));
  };
  return {
    as: 'operator',
    where,
    call: (method, request) =>
      run(method, request).catch((error: unknown) => {
        throw failureOf(error);
      }) as never,
    close,
  };
}

/** Who has the store may know why it failed. */
function failureOf(error: unknown): unknown {
  if (!(error instanceof SymbolonError)) {
    return error;
  }
  const { code, message, cause } = error;
  return new CallFailed(code, cause === undefined ? message : `${message}: ${reasonOf(cause)}`, { cause: error });
}
