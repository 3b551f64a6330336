/** The services of one call, which note in its record how long it waits for the store and for hashes. */
import type { CallNotes } from '../core/call-notes.ts';
import type { Reads, StateOf } from '../core/plan.ts';
import type { IsAbandoned, PasswordHasher, Services } from '../core/services/services.ts';
import type { Store } from '../core/services/store.ts';
import type { List, Page, Where } from '../core/table.ts';

/** Not for the hot path: it costs a few objects, and a promise for each read. */
export function timedServices(services: Services, notes: CallNotes): Services {
  return {
    ...services,
    store: new TimedStore(services.store, notes) as Store,
    passwords: new TimedPasswords(services.passwords, notes),
    knownClients: new TimedClients(services.knownClients, notes),
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

/** One object a call: Issue and Refresh are called thousands of times a second. */
class TimedStore implements Whole<Store> {
  readonly execute: Store['execute'];
  readonly #store: Store;
  readonly #notes: CallNotes;

  constructor(store: Store, notes: CallNotes) {
    this.#store = store;
    this.#notes = notes;
    this.execute = (command, options) => timed(notes, command.kind, store.execute(command, options));
  }

  readFamily(...[tenantId, familyId, bounds]: Parameters<Store['readFamily']>) {
    return timed(this.#notes, 'read family', this.#store.readFamily(tenantId, familyId, bounds));
  }

  readFamilies(...[tenantId, familyIds, bounds, onTurn]: Parameters<Store['readFamilies']>) {
    return timed(this.#notes, 'read families', this.#store.readFamilies(tenantId, familyIds, bounds, onTurn));
  }

  readClient(clientId: string) {
    return timed(this.#notes, 'read client', this.#store.readClient(clientId));
  }

  read<R extends Reads>(reads: R): Promise<StateOf<R>> {
    return timed(this.#notes, 'read', this.#store.read(reads));
  }

  list<T>(list: List<T>, by: Where<T>, page: Page): Promise<readonly T[]> {
    return timed(this.#notes, 'list', this.#store.list(list, by, page));
  }

  readRevocations(...[positions, limit]: Parameters<Store['readRevocations']>) {
    return timed(this.#notes, 'read revocations', this.#store.readRevocations(positions, limit));
  }

  purgeExpired(...[limit, horizon]: Parameters<Store['purgeExpired']>) {
    return this.#store.purgeExpired(limit, horizon);
  }

  isWritable() {
    return this.#store.isWritable();
  }

  isReadable() {
    return this.#store.isReadable();
  }

  onHealthChange(listener: () => void) {
    this.#store.onHealthChange(listener);
  }

  close() {
    return this.#store.close();
  }

  // What not every engine has.
  get findFamily() {
    return this.#store.findFamily?.bind(this.#store);
  }

  get onRevocations() {
    return this.#store.onRevocations?.bind(this.#store);
  }

  get readTime() {
    return this.#store.readTime?.bind(this.#store);
  }

  get figures() {
    return this.#store.figures?.bind(this.#store);
  }

  get countOtherNodes() {
    return this.#store.countOtherNodes?.bind(this.#store);
  }

  get others() {
    return this.#store.others;
  }

  get untilAnswerable() {
    return this.#store.untilAnswerable?.bind(this.#store);
  }

  get estimateFamilies() {
    return this.#store.estimateFamilies?.bind(this.#store);
  }
}

class TimedClients implements Pick<Services['knownClients'], 'get' | 'read'> {
  readonly #clients: Services['knownClients'];
  readonly #notes: CallNotes;

  constructor(clients: Services['knownClients'], notes: CallNotes) {
    this.#clients = clients;
    this.#notes = notes;
  }

  get(clientId: string) {
    return this.#clients.get(clientId);
  }

  read(clientId: string) {
    return timed(this.#notes, 'read client', this.#clients.read(clientId));
  }
}

type Password = Parameters<PasswordHasher['hash']>[0];

class TimedPasswords implements PasswordHasher {
  readonly #passwords: PasswordHasher;
  readonly #notes: CallNotes;

  constructor(passwords: PasswordHasher, notes: CallNotes) {
    this.#passwords = passwords;
    this.#notes = notes;
  }

  hash(password: Password, isAbandoned?: IsAbandoned) {
    return this.#inTurn('hash', (onBegin) => this.#passwords.hash(password, isAbandoned, onBegin));
  }

  verify(hash: string | null, password: Password, isAbandoned?: IsAbandoned) {
    return this.#inTurn('verify', (onBegin) => this.#passwords.verify(hash, password, isAbandoned, onBegin));
  }

  requireRoom() {
    return this.#passwords.requireRoom();
  }

  needsRehash(hash: string) {
    return this.#passwords.needsRehash(hash);
  }

  /** First it waits for its turn, then it hashes. */
  async #inTurn<T>(what: string, work: (onBegin: () => void) => Promise<T>): Promise<T> {
    let end = this.#notes.phase('queue', what);
    try {
      return await work(() => {
        end();
        end = this.#notes.phase('hash', what);
      });
    } finally {
      end();
    }
  }
}
