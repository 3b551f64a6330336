/** What a command needs to know: the rows that it names, as they are inside its transaction. */
import type { Command, FailLogin, FailureCounter } from './commands.ts';
import type { DirectoryCommand } from './directory-commands.ts';
import type { Code, Message, MfaChallenge, Totp } from './directory-model.ts';
import {
  addressHandle,
  addressKey,
  addressKeysOf,
  type LoginHandle,
  nameCounter,
  possibleHandlesOf,
} from './handles.ts';
import type {
  Client,
  ClientSecret,
  Digest,
  Family,
  IssueRecord,
  LoginFailures,
  Subject,
  Tenant,
  Token,
} from './model.ts';

/** The rows that a command names; what does not exist is absent. */
export interface State {
  readonly tenant?: Tenant;
  /** The client that the command or the family names. */
  readonly client?: Client;
  readonly clientSecrets: readonly ClientSecret[];
  readonly subject?: Subject;
  readonly token?: Token;
  readonly family?: Family;
  readonly issueRecord?: IssueRecord;
  readonly loginFailures: readonly LoginFailures[];
  /** Those of the plan's `handles` that somebody has. */
  readonly takenHandles: readonly LoginHandle[];
  /** The subject's codes, expired or not: one of each purpose at most. */
  readonly codes?: readonly Code[];
  /** The subject's second factor. */
  readonly totp?: Totp;
  readonly mfaChallenge?: MfaChallenge;
  /** Pending messages whose next attempt is due, the longest due first. */
  readonly dueMessages?: readonly Message[];
}

/**
 * What a decision may change of rows that other commands change too. A store that runs commands side by side takes these locks
 * before it reads, in this order, so that two commands never wait for each other. `messages` are those that are loaded; what others
 * have locked is passed over and not waited for.
 */
export type Lock = 'family' | 'tenant' | 'subject' | 'request' | 'failures' | 'messages';

/**
 * Tells a store which rows to load. A token or an issue record leads to its family, and a family to its tenant, client and subject where the plan
 * names no other.
 */
export interface LoadPlan {
  readonly locks: readonly Lock[];
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly withSecrets?: boolean;
  readonly subjectId?: string;
  readonly token?: { readonly digest: Digest } | { readonly tokenId: string };
  readonly familyId?: string;
  readonly requestDigest?: Digest;
  readonly failureKeys?: readonly string[];
  /** Those of `failureKeys` that the decision changes; of the others it only reads whether they are locked. */
  readonly changedFailureKeys?: readonly string[];
  readonly handles?: readonly LoginHandle[];
  /** Loads the subject's codes. */
  readonly withCodes?: boolean;
  /** Loads the subject's second factor. */
  readonly withTotp?: boolean;
  readonly mfaChallengeDigest?: Digest;
  /** Loads pending messages that are due when the command is executed. */
  readonly dueMessages?: { readonly limit: number };
}

export function planOf(command: Command): LoadPlan {
  switch (command.kind) {
    case 'issue':
      // Neither tenant, client nor subject: whatever ends them meanwhile moves the tenant's revision past the one that is read
      // here, and so ends the new family too.
      return {
        locks: [...(command.request === undefined ? [] : (['request'] as const)), 'failures'],
        tenantId: command.tenantId,
        clientId: command.clientId,
        withSecrets: command.proof.by === 'client_secret',
        ...(command.subjectKind === 'client' ? {} : { subjectId: command.subjectId }),
        ...(command.request === undefined ? {} : { requestDigest: command.request.requestDigest }),
        ...countersPlan(command.counters),
      };
    case 'complete_mfa':
      // The subject: two that present one challenge, one code or one recovery code come one after the other.
      return {
        locks: ['subject', 'failures'],
        tenantId: command.tenantId,
        clientId: command.clientId,
        subjectId: command.subjectId,
        withTotp: true,
        mfaChallengeDigest: command.challengeDigest,
        ...countersPlan(command.counters),
      };
    case 'fail_login':
      return failLoginPlan(command);
    case 'refresh':
      // The tenant is changed only when reuse is detected: all refreshes of a tenant would wait for each other.
      return { locks: ['family'], tenantId: command.tenantId, token: { digest: command.digest } };
    case 'confirm':
      return { locks: ['family'], familyId: command.familyId };
    case 'revoke':
      return { locks: ['family', 'tenant'], tenantId: command.tenantId, ...revokePlan(command.target) };
    case 'cut_off':
    case 'enable':
      return { locks: ['tenant'], tenantId: command.tenantId, ...principalPlan(command.principal) };
    case 'rehash':
      return { locks: ['subject'], tenantId: command.tenantId, subjectId: command.subjectId };
    default:
      return directoryPlan(command);
  }
}

/** All but the messages' lock the tenant, for each of them appends to its audit log. */
function directoryPlan(command: DirectoryCommand): LoadPlan {
  switch (command.kind) {
    case 'create_tenant':
      return { locks: [], tenantId: command.tenantId, clientId: command.tenantId };
    case 'update_tenant':
      return { locks: ['tenant'], tenantId: command.tenantId };
    case 'create_client':
      // An id that is deleted and taken again meanwhile must not get a cutoff from before it was deleted.
      return { locks: ['tenant'], tenantId: command.client.tenantId, clientId: command.client.clientId };
    case 'update_client':
    case 'add_client_secret':
    case 'expire_client_secret':
      return { locks: ['tenant'], tenantId: command.tenantId, clientId: command.clientId, withSecrets: true };
    case 'create_subject': {
      const { subject, issue } = command;
      return {
        locks: ['tenant'],
        tenantId: subject.tenantId,
        subjectId: subject.subjectId,
        ...(issue === undefined ? {} : { clientId: issue.clientId }),
        handles: possibleHandlesOf(subject),
        failureKeys: addressKeysOf(subject),
      };
    }
    case 'update_subject':
      return {
        locks: ['tenant', 'subject'],
        tenantId: command.tenantId,
        subjectId: command.subjectId,
        withCodes: true,
        handles: possibleHandlesOf({ ...NO_NAMES, ...command.seen, ...command.set }),
        failureKeys: addressKeysOf(command.set),
      };
    case 'change_password':
      return provenPlan(command, {});
    case 'send_code':
      return subjectPlan(command, {
        withCodes: true,
        failureKeys: [addressKey(command.code.channel, command.address)],
      });
    case 'redeem_code': {
      const { address, purpose } = command;
      const handles = address === undefined ? [] : [addressHandle(purpose, address)];
      // A reset also unlocks, and a failed login beside it must not lock again.
      const counters = purpose === 'reset_password' ? [nameCounter(command.subjectId)] : [];
      return { ...subjectPlan(command, { withCodes: true, handles }), ...lockedCounters(counters) };
    }
    case 'enrol_totp':
    case 'confirm_totp':
    case 'remove_totp':
      return provenPlan(command, { withTotp: true });
    case 'take_messages':
      return { locks: ['messages'], dueMessages: { limit: command.limit } };
    case 'settle_message':
      return { locks: [] };
  }
}

function subjectPlan(
  { tenantId, subjectId }: { readonly tenantId: string; readonly subjectId: string },
  rest: Omit<LoadPlan, 'locks'>,
): LoadPlan {
  return { locks: ['tenant', 'subject'], tenantId, subjectId, ...rest };
}

/** Of what a user does by a password or factor, whose failures are counted: the lock is looked at where no guess can slip by. */
function provenPlan(
  command: Extract<DirectoryCommand, { kind: 'change_password' | 'enrol_totp' | 'confirm_totp' | 'remove_totp' }>,
  rest: Omit<LoadPlan, 'locks'>,
): LoadPlan {
  const { counters = [] } = command;
  return { ...subjectPlan(command, rest), ...lockedCounters(counters) };
}

function lockedCounters(counters: readonly FailureCounter[]): LoadPlan {
  return { locks: ['tenant', 'subject', 'failures'], ...countersPlan(counters) };
}

/** What succeeds forgets the failures of its name, not those of its address. */
function countersPlan(counters: readonly FailureCounter[]): Pick<LoadPlan, 'failureKeys' | 'changedFailureKeys'> {
  return {
    failureKeys: counters.map((counter) => counter.key),
    changedFailureKeys: counters.filter(({ kind }) => kind !== 'address').map((counter) => counter.key),
  };
}

const NO_NAMES = {
  loginName: null,
  email: null,
  emailVerified: false,
  phone: null,
  phoneVerified: false,
  vendorId: null,
};

function failLoginPlan({ tenantId, counters }: FailLogin): LoadPlan {
  const failureKeys = counters.map((counter) => counter.key);
  return { locks: ['failures'], tenantId, failureKeys, changedFailureKeys: failureKeys };
}

function revokePlan(target: Extract<Command, { kind: 'revoke' }>['target']): Omit<LoadPlan, 'locks'> {
  switch (target.by) {
    case 'token':
      return { token: { digest: target.digest } };
    case 'token_id':
      return { token: { tokenId: target.tokenId } };
    case 'family_id':
      return { familyId: target.familyId };
  }
}

function principalPlan(principal: Extract<Command, { kind: 'enable' }>['principal']): Omit<LoadPlan, 'locks'> {
  switch (principal.kind) {
    case 'tenant':
      return {};
    case 'client':
      return { clientId: principal.id };
    case 'user':
    case 'device':
      return { subjectId: principal.id };
  }
}
