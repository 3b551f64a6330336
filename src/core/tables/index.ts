/** Every table, in an order in which no row names one that is not there yet. */
import type { AnyTable, Table } from '../table.ts';
import { AUDIT } from './audit.ts';
import { CLIENT, CLIENT_SECRET } from './clients.ts';
import { CODE } from './codes.ts';
import { FAMILY } from './families.ts';
import { KEPT_ANSWER } from './kept-answers.ts';
import { SERVER_KEY, TAG_KEY } from './keys.ts';
import { LOGIN_FAILURES } from './login-failures.ts';
import { MESSAGE } from './messages.ts';
import { REVOCATION } from './revocations.ts';
import { TOTP } from './second-factors.ts';
import { SINGLE_USE } from './single-use.ts';
import { HANDLE, SUBJECT } from './subjects.ts';
import { TENANT } from './tenants.ts';

const named = <T>(table: Table<T>): AnyTable => table as unknown as AnyTable;

export const TABLES: readonly AnyTable[] = [
  named(TENANT),
  named(CLIENT),
  named(CLIENT_SECRET),
  named(SUBJECT),
  named(HANDLE),
  named(FAMILY),
  named(KEPT_ANSWER),
  named(SINGLE_USE),
  named(LOGIN_FAILURES),
  named(REVOCATION),
  named(CODE),
  named(MESSAGE),
  named(TOTP),
  named(AUDIT),
  named(SERVER_KEY),
  named(TAG_KEY),
];

/** Rows that several commands change, in the order in which they are locked. */
export const LOCK_ORDER: readonly AnyTable[] = [named(FAMILY), named(TENANT), named(SUBJECT)];
