/** What a command needs to know: the rows that it names, as they are inside its transaction. */
import type { Command, FailLogin } from './commands.ts';
import { emailHandle, type LoginHandle, loginNameHandle, phoneHandle, vendorIdHandle } from './handles.ts';
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
}

/**
 * What a decision may change of rows that other commands change too. A store that runs commands side by side takes these locks
 * before it reads, in this order, so that two commands never wait for each other. `tenant_shared` keeps the tenant as it is, and lets
 * others do the same.
 */
export type Lock = 'family' | 'tenant' | 'tenant_shared' | 'subject' | 'request' | 'failures';

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
}

/** The look-up names that a subject takes: its login name, its vendor id, and the addresses that are verified. */
export function handlesOf(
  subject: Pick<Subject, 'loginName' | 'email' | 'emailVerified' | 'phone' | 'phoneVerified' | 'vendorId'>,
): LoginHandle[] {
  const handles: LoginHandle[] = [];
  if (subject.loginName !== null) {
    handles.push(loginNameHandle(subject.loginName));
  }
  if (subject.email !== null && subject.emailVerified) {
    handles.push(emailHandle(subject.email));
  }
  if (subject.phone !== null && subject.phoneVerified) {
    handles.push(phoneHandle(subject.phone));
  }
  if (subject.vendorId !== null) {
    handles.push(vendorIdHandle(subject.vendorId));
  }
  return handles;
}

export function planOf(command: Command): LoadPlan {
  switch (command.kind) {
    case 'create_tenant':
      return { locks: [], tenantId: command.tenantId, clientId: command.tenantId };
    case 'create_client':
      // An id that is deleted and taken again meanwhile must not get a cutoff from before it was deleted. Not shared: the tenant also
      // counts that it has another secret.
      return { locks: ['tenant'], tenantId: command.client.tenantId, clientId: command.client.clientId };
    case 'create_subject': {
      const { subject } = command;
      return {
        locks: ['tenant_shared'],
        tenantId: subject.tenantId,
        subjectId: subject.subjectId,
        handles: handlesOf(subject),
      };
    }
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
        failureKeys: command.counters.map((counter) => counter.key),
        // A login that succeeds forgets the failures of its name, not those of its address.
        changedFailureKeys: command.counters.filter(({ kind }) => kind === 'name').map((counter) => counter.key),
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
    case 'update_tenant':
      return { locks: ['tenant'], tenantId: command.tenantId };
    case 'change_password':
      return { locks: ['tenant', 'subject'], tenantId: command.tenantId, subjectId: command.subjectId };
    case 'add_client_secret':
      return { locks: ['tenant'], tenantId: command.tenantId, clientId: command.clientId, withSecrets: true };
    case 'rehash':
      return { locks: ['subject'], tenantId: command.tenantId, subjectId: command.subjectId };
  }
}

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
