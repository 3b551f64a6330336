import type { PasswordHasher } from '../../core/services/services.ts';

/** Loads argon2 when the first password is hashed: most commands hash none. */
export function lazyHasher(): PasswordHasher {
  let loading: Promise<PasswordHasher> | undefined;
  const load = () => {
    loading ??= import('../../password/argon2-hasher.ts').then(({ Argon2Hasher }) =>
      Argon2Hasher.create({ concurrency: 1 }),
    );
    return loading;
  };
  return {
    hash: async (password, isAbandoned) => (await load()).hash(password, isAbandoned),
    verify: async (hash, password, isAbandoned) => (await load()).verify(hash, password, isAbandoned),
    requireRoom: () => undefined,
    needsRehash: () => false,
  };
}
