/**
 * What one network address may cause in a tenant, where no password stands before it: registrations, codes, anonymous tokens, tokens of
 * end nodes, device codes. Each server counts for itself, in memory, for all its threads: it bounds what strangers fill the store and mailboxes with, and guards no secret.
 */
import { type Refusal, SymbolonError } from '../errors.ts';
import type { Instant } from '../model.ts';

/** About a megabyte each. With more networks than that, nobody needs to be patient. */
const MAX_ADDRESSES = 10_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long each counts for. */
export const BUDGET_WINDOWS = {
  registrations: HOUR_MS,
  codes: HOUR_MS,
  anonymousTokens: MINUTE_MS,
  endNodeTokens: MINUTE_MS,
  deviceCodes: MINUTE_MS,
} as const;

export type BudgetName = keyof typeof BUDGET_WINDOWS;

/** What a window has left of one address: it was counted, or how long the window goes on. */
export type Spent = { readonly isSpent: true } | { readonly isSpent: false; readonly retryAfterMs: number };

/** Counts one more of what the key caused in this window, if it has caused less than `most`. */
export type Spend = (budget: BudgetName, key: string, most: number) => Spent | Promise<Spent>;

export class AddressBudget {
  readonly #spend: (key: string, most: number) => Spent | Promise<Spent>;
  readonly #refusal: Refusal;

  constructor(spend: (key: string, most: number) => Spent | Promise<Spent>, refusal: Refusal) {
    this.#spend = spend;
    this.#refusal = refusal;
  }

  /** Throws when the address has caused as much in this window. `address`: undefined is this machine itself, which has no bound. */
  async spend(tenantId: string, address: string | undefined, most: number): Promise<void> {
    const spent = await this.#trySpend(tenantId, address, most);
    if (!spent.isSpent) {
      throw SymbolonError.of({ ...this.#refusal, retryAfterMs: spent.retryAfterMs });
    }
  }

  async trySpend(tenantId: string, address: string | undefined, most: number): Promise<boolean> {
    return (await this.#trySpend(tenantId, address, most)).isSpent;
  }

  #trySpend(tenantId: string, address: string | undefined, most: number): Spent | Promise<Spent> {
    return address === undefined ? { isSpent: true } : this.#spend(`${tenantId} ${address}`, most);
  }
}

/** One window after the other, and what was caused in it. */
class Window {
  readonly #lengthMs: number;
  readonly #clock: () => Instant;
  #end = Number.NEGATIVE_INFINITY;
  #spent = new Map<string, number>();

  constructor(lengthMs: number, clock: () => Instant) {
    this.#lengthMs = lengthMs;
    this.#clock = clock;
  }

  spend(key: string, most: number): Spent {
    this.#turn();
    const spent = this.#spent.get(key) ?? 0;
    if (spent >= most) {
      return { isSpent: false, retryAfterMs: this.#end - this.#clock() };
    }
    this.#spent.set(key, spent + 1);
    return { isSpent: true };
  }

  /** Begins the next window, also after a clock that was set back. */
  #turn(): void {
    const left = this.#end - this.#clock();
    if (left <= 0 || left > this.#lengthMs || this.#spent.size >= MAX_ADDRESSES) {
      this.#end = this.#clock() + this.#lengthMs;
      this.#spent = new Map();
    }
  }
}

/** Counts here. */
export function spending(lengths: Readonly<Record<BudgetName, number>>, clock: () => Instant): Spend {
  const windows = new Map(Object.entries(lengths).map(([name, lengthMs]) => [name, new Window(lengthMs, clock)]));
  return (budget, key, most) => (windows.get(budget) as Window).spend(key, most);
}

export interface AddressBudgets {
  /** An hour's, as the tenant's policy says. */
  readonly registrations: AddressBudget;
  /** An hour's, as the tenant's policy says. */
  readonly codes: AddressBudget;
  /** A minute's. */
  readonly anonymousTokens: AddressBudget;
  /** A minute's. */
  readonly endNodeTokens: AddressBudget;
  /** A minute's. */
  readonly deviceCodes: AddressBudget;
}

export function addressBudgets(spend: Spend): AddressBudgets {
  const tooMany = (what: string): Refusal => ({
    code: 'overloaded',
    message: `Too many ${what} come from this network address. Repeat this one later`,
  });
  const budget = (name: BudgetName, refusal: Refusal) =>
    new AddressBudget((key, most) => spend(name, key, most), refusal);
  return {
    registrations: budget('registrations', tooMany('registrations')),
    codes: budget('codes', { ...tooMany('requests for codes'), code: 'too_many_codes' }),
    anonymousTokens: budget('anonymousTokens', tooMany('anonymous logins')),
    deviceCodes: budget('deviceCodes', tooMany('requests for device codes')),
    endNodeTokens: budget('endNodeTokens', tooMany('requests for tokens of end nodes')),
  };
}
