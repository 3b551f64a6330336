/**
 * What every engine of the port `src/core/services/store.ts` is held to, told through the port alone. An engine's test calls this with the
 * way to open an empty store; each case gets one of its own.
 */
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { Store } from '../../src/core/services/store.ts';
import { atomicity } from './contract/atomicity.ts';
import { attaching } from './contract/attaching.ts';
import { auditing } from './contract/auditing.ts';
import { authority } from './contract/authority.ts';
import { authorityRaces } from './contract/authority-races.ts';
import { authorizing } from './contract/authorizing.ts';
import { clientVersions } from './contract/client-versions.ts';
import { codes } from './contract/codes.ts';
import { concurrency } from './contract/concurrency.ts';
import { consents } from './contract/consents.ts';
import { cutoffs } from './contract/cutoffs.ts';
import { deviceTokens } from './contract/device-tokens.ts';
import { durability } from './contract/durability.ts';
import { endNodeRaces } from './contract/end-node-races.ts';
import { endNodes } from './contract/end-nodes.ts';
import { ending } from './contract/ending.ts';
import { followingLogs } from './contract/following-logs.ts';
import { keys } from './contract/keys.ts';
import { listing } from './contract/listing.ts';
import { locks } from './contract/locks.ts';
import { manyFamilies } from './contract/many-families.ts';
import { messages } from './contract/messages.ts';
import { profiles } from './contract/profiles.ts';
import { purging } from './contract/purging.ts';
import { readsBackPrincipals } from './contract/reads-back-principals.ts';
import { readsBackTokens } from './contract/reads-back-tokens.ts';
import { refreshCases } from './contract/refresh-cases.ts';
import { refreshing } from './contract/refreshing.ts';
import { registering } from './contract/registering.ts';
import { registrations } from './contract/registrations.ts';
import { resourceServers } from './contract/resource-servers.ts';
import { revoking } from './contract/revoking.ts';
import { secondFactors } from './contract/second-factors.ts';
import { tenancy } from './contract/tenancy.ts';
import { updating } from './contract/updating.ts';
import { vendorIds } from './contract/vendor-ids.ts';
import type { Opened, UnderTest } from './fixtures.ts';

const CHAPTERS = {
  readsBackPrincipals,
  readsBackTokens,
  refreshing,
  refreshCases,
  registering,
  registrations,
  revoking,
  resourceServers,
  authority,
  authorityRaces,
  authorizing,
  atomicity,
  manyFamilies,
  tenancy,
  clientVersions,
  concurrency,
  cutoffs,
  consents,
  updating,
  vendorIds,
  deviceTokens,
  endNodes,
  endNodeRaces,
  attaching,
  profiles,
  codes,
  messages,
  secondFactors,
  auditing,
  locks,
  listing,
  followingLogs,
  keys,
  purging,
  ending,
};

/** `forgets`: an engine whose rows do not outlive it has no `reopen`. */
export function storeContract(name: string, open: () => Promise<Opened>, { forgets = false } = {}): void {
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
          throw new Error(`${name} can't be opened again: make the case a lasting one`);
        }
        store = await opened.reopen();
      },
      lasting: (title, body) => {
        if (!forgets) {
          it(title, body);
        }
      },
    };
    for (const [chapter, cases] of Object.entries(forgets ? CHAPTERS : { ...CHAPTERS, durability })) {
      describe(chapter, () => cases(underTest));
    }
  });
}
