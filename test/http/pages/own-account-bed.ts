/** Somebody with an account of its own, signed in at its pages. */
import { randomUUID } from 'node:crypto';
import { MESSAGE_PURPOSE } from '../../../src/core/operations/codes.ts';
import { confirmTotp, enrollTotp } from '../../../src/core/operations/second-factors.ts';
import { getUser } from '../../../src/core/operations/users.ts';
import { MESSAGES } from '../../../src/core/tables/messages.ts';
import type { Subject } from '../../../src/core/tables/subjects.ts';
import { totpCode } from '../../../src/core/totp.ts';
import { callerOf, makeClient, makeUser } from '../../support.ts';
import { PASSWORD, type PagesBed, signIn, TENANT } from './bed.ts';
import type { Browser } from './browser.ts';

export const ACCOUNT = `/t/${TENANT}/account`;

/** The second form of a page of My account is that to sign out. */
export interface Person {
  readonly id: string;
  readonly browser: Browser;
}

export async function newPerson(bed: PagesBed, email?: string): Promise<Person> {
  const id = `u${randomUUID().slice(0, 8)}`;
  const addresses = email === undefined ? {} : { email, emailVerified: true };
  await makeUser(bed.services, TENANT, { subjectId: id, loginName: id, password: PASSWORD, ...addresses });
  return { id, browser: await signedIn(bed, id) };
}

/** In a browser of its own. */
export async function signedIn(bed: PagesBed, username: string, password = PASSWORD): Promise<Browser> {
  const browser = bed.newBrowser();
  const { status } = await signIn(browser, ACCOUNT, username, password);
  if (status !== 303) {
    throw new Error(`${username} can’t sign in: ${status}`);
  }
  return browser;
}

export async function admin(bed: PagesBed) {
  const clientId = `admin-${randomUUID().slice(0, 8)}`;
  return { caller: await callerOf(bed.services, clientId, await makeClient(bed.store, TENANT, clientId, ['admin'])) };
}

export async function userOf(bed: PagesBed, { id }: Pick<Person, 'id'>): Promise<Subject> {
  return (await getUser(bed.services, await admin(bed), { by: 'user_id', userId: id })).subject;
}

/** Turns the second factor on, and answers its secret and recovery codes. */
export async function withFactor(bed: PagesBed, { id }: Pick<Person, 'id'>) {
  const by = await admin(bed);
  const ref = { by: 'user_id', userId: id } as const;
  const { secret } = await enrollTotp(bed.services, by, ref, undefined);
  const recoveryCodes = await confirmTotp(bed.services, by, ref, totpCode(secret, bed.clock.now));
  return { secret, recoveryCodes };
}

/** A code of now that was not used: the time goes on for it. */
export function nextCode(bed: PagesBed, secret: string): string {
  bed.clock.advance(30_000);
  return totpCode(secret, bed.clock.now);
}

/** The code of the last message to somebody. */
export async function sentCode(bed: PagesBed, { id }: Pick<Person, 'id'>): Promise<string> {
  const messages = await bed.store.list(MESSAGES, { tenantId: TENANT }, { limit: 1_000 });
  const sealed = messages.filter(({ subjectId, sealed }) => subjectId === id && sealed !== null);
  // The latest is the first.
  return bed.services.keys.unseal(MESSAGE_PURPOSE, sealed[0]?.sealed ?? new Uint8Array()) ?? '';
}
