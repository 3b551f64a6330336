/** How a login ends here: in memory and in the store first, and then at the server. */
import type { SignedOutReason } from './events.ts';
import type { Keeper } from './keeper.ts';
import type { LoginClient } from './port.ts';
import { type LoginRecord, revocable } from './record.ts';
import type { Renewal } from './renewal.ts';
import type { Revocations } from './revocations.ts';

export class SignOuts {
  readonly #keeper: Keeper;
  readonly #renewal: Renewal;
  readonly #revocations: Revocations;
  readonly #client: LoginClient;

  constructor(keeper: Keeper, renewal: Renewal, revocations: Revocations, client: LoginClient) {
    this.#keeper = keeper;
    this.#renewal = renewal;
    this.#revocations = revocations;
    this.#client = client;
  }

  /** Answers whether the server knows of all that ended here. */
  async signOut(): Promise<boolean> {
    const keeper = this.#keeper;
    const record = keeper.held?.record;
    if (record !== undefined) {
      await this.#forget('signed_out', record, 'even if unreadable');
      return this.#tell(record);
    }
    keeper.ended('signed_out');
    if (keeper.hadLogin) {
      return this.#revocations.isDone;
    }
    // Somebody signs out who was not resumed yet.
    const stored = await this.#lockedIfCanBe(() => keeper.shelf.takeOut(this.#client.clientId));
    return stored === undefined ? this.#revocations.isDone : this.#tell(stored);
  }

  /** A login has ended at the server, which may be the one that is held. */
  async ended(reason: SignedOutReason, familyId: string): Promise<void> {
    const record = this.#keeper.held?.record;
    if (record?.family_id === familyId) {
      await this.#forget(reason, record);
    }
  }

  #tell(record: LoginRecord): Promise<boolean> {
    return this.#revocations.tell(revocable(record));
  }

  async #forget(reason: SignedOutReason, record: LoginRecord, evenIfUnreadable?: 'even if unreadable'): Promise<void> {
    this.#keeper.ended(reason);
    this.#renewal.cancel();
    await this.#lockedIfCanBe(() => this.#keeper.shelf.clear(record, evenIfUnreadable));
  }

  /** Who signs out wants nothing left, also while another process keeps the lock. */
  #lockedIfCanBe<T>(run: () => Promise<T>): Promise<T> {
    const { shelf } = this.#keeper;
    return shelf.locked(run).catch((error: unknown) => {
      shelf.lockFailed(error);
      return shelf.alone(run);
    });
  }
}
