/**
 * What one network address may cause in a tenant, where no password stands before it: registrations, codes, anonymous tokens, tokens of
 * end nodes. Each server counts for itself, in memory: it bounds what strangers fill the store and mailboxes with, and guards no secret.
 */
import { type Refusal, SymbolonError } from '../errors.ts';
import type { Instant } from '../model.ts';

/** About a megabyte each. With more networks than that, nobody needs to be patient. */
const MAX_ADDRESSES = 10_000;

export class AddressBudget {
  readonly #windowMs: number;
  readonly #refusal: Refusal;
  readonly #clock: () => Instant;
  #windowEnd = Number.NEGATIVE_INFINITY;
  #spent = new Map<string, number>();

  constructor(windowMs: number, refusal: Refusal, clock: () => Instant) {
    this.#windowMs = windowMs;
    this.#refusal = refusal;
    this.#clock = clock;
  }

  /** Throws when the address has caused as much in this window. `address`: undefined is this machine itself, which has no bound. */
  spend(tenantId: string, address: string | undefined, most: number): void {
    if (!this.trySpend(tenantId, address, most)) {
      throw SymbolonError.of({ ...this.#refusal, retryAfterMs: this.#windowEnd - this.#clock() });
    }
  }

  trySpend(tenantId: string, address: string | undefined, most: number): boolean {
    if (address === undefined) {
      return true;
    }
    this.#turn();
    const key = `${tenantId} ${address}`;
    const spent = this.#spent.get(key) ?? 0;
    if (spent >= most) {
      return false;
    }
    this.#spent.set(key, spent + 1);
    return true;
  }

  /** Begins the next window, also after a clock that was set back. */
  #turn(): void {
    const left = this.#windowEnd - this.#clock();
    if (left <= 0 || left > this.#windowMs || this.#spent.size >= MAX_ADDRESSES) {
      this.#windowEnd = this.#clock() + this.#windowMs;
      this.#spent = new Map();
    }
  }
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export interface AddressBudgets {
  /** An hour's, as the tenant's policy says. */
  readonly registrations: AddressBudget;
  /** An hour's, as the tenant's policy says. */
  readonly codes: AddressBudget;
  /** A minute's. */
  readonly anonymousTokens: AddressBudget;
  /** A minute's. */
  readonly endNodeTokens: AddressBudget;
}

export function addressBudgets(clock: () => Instant): AddressBudgets {
  const tooMany = (what: string): Refusal => ({
    code: 'overloaded',
    message: `Too many ${what} come from this network address. Repeat this one later`,
  });
  return {
    registrations: new AddressBudget(HOUR_MS, tooMany('registrations'), clock),
    codes: new AddressBudget(HOUR_MS, { ...tooMany('requests for codes'), code: 'too_many_codes' }, clock),
    anonymousTokens: new AddressBudget(MINUTE_MS, tooMany('anonymous logins'), clock),
    endNodeTokens: new AddressBudget(MINUTE_MS, tooMany('requests for tokens of end nodes'), clock),
  };
}
