/**
 * What every engine of the port `src/core/store.ts` is held to, told through the port alone. An engine's test calls this with the
 * way to open an empty store; each case gets one of its own.
 */
import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { atomicity } from './contract/atomicity.ts';
import { auditing } from './contract/auditing.ts';
import { clientVersions } from './contract/client-versions.ts';
import { codes } from './contract/codes.ts';
import { concurrency } from './contract/concurrency.ts';
import { cutoffs } from './contract/cutoffs.ts';
import { durability } from './contract/durability.ts';
import { ending } from './contract/ending.ts';
import { keyBinding } from './contract/key-binding.ts';
import { listing } from './contract/listing.ts';
import { messages } from './contract/messages.ts';
import { profiles } from './contract/profiles.ts';
import { purging } from './contract/purging.ts';
import { readsBackPrincipals } from './contract/reads-back-principals.ts';
import { readsBackTokens } from './contract/reads-back-tokens.ts';
import { refreshing } from './contract/refreshing.ts';
import { secondFactors } from './contract/second-factors.ts';
import { tenancy } from './contract/tenancy.ts';
import { updating } from './contract/updating.ts';
import type { Opened, UnderTest } from './fixtures.ts';

const CHAPTERS = {
  readsBackPrincipals,
  readsBackTokens,
  refreshing,
  atomicity,
  tenancy,
  clientVersions,
  concurrency,
  cutoffs,
  updating,
  profiles,
  codes,
  messages,
  secondFactors,
  auditing,
  listing,
  keyBinding,
  durability,
  purging,
  ending,
};

export function storeContract(name: string, open: () => Promise<Opened>): void {
  describe(`the store contract on ${name}`, () => {
    let opened: Opened;
    let store: Store;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });

    afterEach(() => opened.close());

    const underTest: UnderTest = {
      get store() {
        return store;
      },
      get clock() {
        return opened.clock;
      },
      reopen: async () => {
        if (opened.reopen === undefined) {
          throw new Error(`${name} can’t be reopened`);
        }
        store = await opened.reopen();
      },
    };
    for (const [chapter, cases] of Object.entries(CHAPTERS)) {
      describe(chapter, () => cases(underTest));
    }
  });
}
