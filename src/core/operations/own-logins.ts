/** The logins of a user who calls in person: all that are live, and ending one, all others, or all. */
import { MAX_ID } from '../names.ts';
import type { Revoked } from '../rules/revoking.ts';
import type { Services } from '../services/services.ts';
import type { Client } from '../tables/clients.ts';
import type { Family } from '../tables/families.ts';
import { isFamilyId } from '../token-form.ts';
import { requireUserInPerson } from './access.ts';
import type { Call } from './authenticate.ts';
import { perform } from './perform.ts';
import { type ListedFamily, listOwnTokens } from './tokens.ts';
import { requireText } from './validate.ts';

export interface OwnLogin {
  readonly family: Family;
  /** Undefined: it was deleted meanwhile. */
  readonly client: Client | undefined;
  /** Whether it is the one by which the user calls. */
  readonly isThisOne: boolean;
}

/** What a person looks through. Who has more is shown the newest: what somebody else began is among them. */
const MOST_LISTED = 2_000;
const READ_AT_ONCE = 500;
const ENDED_AT_ONCE = 32;

/** The one by which the user calls first, then the newest. */
export async function listOwnLogins(services: Services, call: Call): Promise<readonly OwnLogin[]> {
  const own = ownFamilyOf(call);
  let newest: OwnLogin[] = [];
  let thisOne: OwnLogin | undefined;
  for await (const page of pagesOfLive(services, call)) {
    const logins = page.map(({ family, client }) => ({ family, client, isThisOne: family.familyId === own }));
    thisOne ??= logins.find(({ isThisOne }) => isThisOne);
    newest = [...newest, ...logins.filter(({ isThisOne }) => !isThisOne)].slice(-MOST_LISTED);
  }
  return [...(thisOne === undefined ? [] : [thisOne]), ...newest.reverse()];
}

/** Of another's it learns nothing, not even that there is one. */
export async function endOwnLogin(services: Services, call: Call, familyId: string): Promise<Revoked> {
  call.notes?.note({ event: 'revoke' });
  const { id: onlyUserId } = requireUserInPerson(call);
  requireText(familyId, 'family_id', MAX_ID);
  if (!isFamilyId(familyId)) {
    return { revision: call.caller.revision, revoked: false };
  }
  const { tenantId } = call.caller;
  return perform(services, call, 'act_for_user', { kind: 'revoke', tenantId, familyId, onlyUserId });
}

/** But the one by which the user calls, however many there are. One that begins meanwhile may stay. */
export async function endOtherOwnLogins(services: Services, call: Call): Promise<void> {
  const own = ownFamilyOf(call);
  for await (const page of pagesOfLive(services, call)) {
    const others = page.map(({ family }) => family.familyId).filter((familyId) => familyId !== own);
    for (let i = 0; i < others.length; i += ENDED_AT_ONCE) {
      // Side by side, so that a store commits them together.
      await Promise.all(others.slice(i, i + ENDED_AT_ONCE).map((familyId) => endOwnLogin(services, call, familyId)));
    }
  }
}

/** One cutoff ends them all, however many there are, and the one by which the user calls too. */
export async function endAllOwnLogins(services: Services, call: Call): Promise<Revoked> {
  call.notes?.note({ event: 'revoke' });
  const { kind, id } = requireUserInPerson(call);
  const { tenantId } = call.caller;
  const target = { kind, id };
  return perform(services, call, 'act_for_user', { kind: 'cut_off', tenantId, target, cause: 'revoked' });
}

/** The oldest first. */
async function* pagesOfLive(services: Services, call: Call): AsyncGenerator<readonly ListedFamily[]> {
  let pageToken = '';
  do {
    const page = await listOwnTokens(services, call, { pageSize: READ_AT_ONCE, pageToken });
    yield page.items;
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}

function ownFamilyOf({ caller }: Call): string | undefined {
  return caller.proof.by === 'token' ? caller.proof.familyId : undefined;
}
