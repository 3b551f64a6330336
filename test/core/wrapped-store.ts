import type { Store } from '../../src/core/services/store.ts';

/** A store of which some calls are other ones. */
export function wrapStore(store: Store, calls: Partial<Store>): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const own = calls[name as keyof Store];
      const value: unknown = own ?? Reflect.get(target, name);
      return own === undefined && typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
