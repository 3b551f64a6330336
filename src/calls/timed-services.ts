/** The services of one call, which note in its record how long it waits for the store and for hashes. */
import type { CallNotes } from '../core/call-notes.ts';
import { given } from '../core/given.ts';
import type { PasswordHasher, Services } from '../core/services/services.ts';
import type { Store } from '../core/services/store.ts';

/** Not for the hot path: it costs a few objects, and a promise for each read. */
export function timedServices(services: Services, notes: CallNotes): Services {
  const { store, passwords, knownClients } = services;
  return {
    ...services,
    store: timedStore(store, notes),
    passwords: timedPasswords(passwords, notes),
    knownClients: {
      get: (clientId) => knownClients.get(clientId),
      read: (clientId) => timed(notes, 'read client', knownClients.read(clientId)),
    },
  };
}

async function timed<T>(notes: CallNotes, what: string, work: Promise<T>): Promise<T> {
  const end = notes.phase('store', what);
  try {
    return await work;
  } finally {
    end();
  }
}

/** All that a port may have: a member that is not named here does not compile. */
type Whole<T> = { readonly [Key in keyof Required<T>]: T[Key] | undefined };

function timedStore(store: Store, notes: CallNotes): Store {
  const whole: Whole<Store> = {
    execute: (command, options) => timed(notes, command.kind, store.execute(command, options)),
    readFamily: (tenantId, familyId, bounds) =>
      timed(notes, 'read family', store.readFamily(tenantId, familyId, bounds)),
    readFamilies: (tenantId, familyIds, bounds, onTurn) =>
      timed(notes, 'read families', store.readFamilies(tenantId, familyIds, bounds, onTurn)),
    readClient: (clientId) => timed(notes, 'read client', store.readClient(clientId)),
    read: (reads) => timed(notes, 'read', store.read(reads)),
    list: (list, by, page) => timed(notes, 'list', store.list(list, by, page)),
    readRevocations: (positions, limit) => timed(notes, 'read revocations', store.readRevocations(positions, limit)),
    purgeExpired: (limit, horizon) => store.purgeExpired(limit, horizon),
    isWritable: () => store.isWritable(),
    isReadable: () => store.isReadable(),
    onHealthChange: (listener) => store.onHealthChange(listener),
    close: () => store.close(),
    // What not every engine has.
    findFamily: store.findFamily?.bind(store),
    onRevocations: store.onRevocations?.bind(store),
    readTime: store.readTime?.bind(store),
    figures: store.figures?.bind(store),
    countOtherNodes: store.countOtherNodes?.bind(store),
    others: store.others,
    untilAnswerable: store.untilAnswerable?.bind(store),
    estimateFamilies: store.estimateFamilies?.bind(store),
  };
  return given(whole) as Store;
}

function timedPasswords(passwords: PasswordHasher, notes: CallNotes): PasswordHasher {
  /** First it waits for its turn, then it hashes. */
  const inTurn = async <T>(what: string, work: (onBegin: () => void) => Promise<T>): Promise<T> => {
    let end = notes.phase('queue', what);
    try {
      return await work(() => {
        end();
        end = notes.phase('hash', what);
      });
    } finally {
      end();
    }
  };
  return {
    hash: (password, isAbandoned) => inTurn('hash', (onBegin) => passwords.hash(password, isAbandoned, onBegin)),
    verify: (hash, password, isAbandoned) =>
      inTurn('verify', (onBegin) => passwords.verify(hash, password, isAbandoned, onBegin)),
    requireRoom: () => passwords.requireRoom(),
    needsRehash: (hash) => passwords.needsRehash(hash),
  };
}
