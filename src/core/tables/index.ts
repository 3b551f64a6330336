/** Every table, in an order in which no row names one that is not there yet. */
import { type AnyTable, anyTable } from '../table.ts';
import { AUDIT } from './audit.ts';
import { CLIENT, CLIENT_SECRET } from './clients.ts';
import { CODE } from './codes.ts';
import { CONSENT } from './consents.ts';
import { DEVICE_OWNER } from './device-owners.ts';
import { DEVICE_TOKEN } from './device-tokens.ts';
import { END_NODE, END_NODE_LOGIN } from './end-nodes.ts';
import { FAMILY } from './families.ts';
import { KEPT_ANSWER } from './kept-answers.ts';
import { SERVER_KEY, TAG_KEY } from './keys.ts';
import { LOGIN_FAILURES } from './login-failures.ts';
import { MESSAGE } from './messages.ts';
import { PURGE_HORIZON } from './purging.ts';
import { RESOURCE_SERVER } from './resource-servers.ts';
import { REVOCATION } from './revocations.ts';
import { TOTP } from './second-factors.ts';
import { SINGLE_USE } from './single-use.ts';
import { HANDLE, SUBJECT } from './subjects.ts';
import { TENANT } from './tenants.ts';

export const TABLES: readonly AnyTable[] = [
  anyTable(TENANT),
  anyTable(CLIENT),
  anyTable(CLIENT_SECRET),
  anyTable(SUBJECT),
  anyTable(HANDLE),
  anyTable(DEVICE_OWNER),
  anyTable(END_NODE),
  anyTable(END_NODE_LOGIN),
  anyTable(CONSENT),
  anyTable(RESOURCE_SERVER),
  anyTable(FAMILY),
  anyTable(DEVICE_TOKEN),
  anyTable(KEPT_ANSWER),
  anyTable(SINGLE_USE),
  anyTable(LOGIN_FAILURES),
  anyTable(REVOCATION),
  anyTable(CODE),
  anyTable(MESSAGE),
  anyTable(TOTP),
  anyTable(AUDIT),
  anyTable(SERVER_KEY),
  anyTable(TAG_KEY),
  anyTable(PURGE_HORIZON),
];

/** Rows that several commands change, in the order in which they are locked. */
export const LOCK_ORDER: readonly AnyTable[] = [anyTable(FAMILY), anyTable(TENANT), anyTable(SUBJECT)];
