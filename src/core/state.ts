/** What a command needs to know: the rows that it names, as they are inside its transaction. */
import type { Command } from './commands.ts';
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
 * Tells a store which rows to load. A token or an issue record leads to its family, and a family to its tenant, client and subject where the plan
 * names no other. A store that has row locks takes them in the order family, tenant, client, subject, the rest.
 */
export interface LoadPlan {
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly withSecrets?: boolean;
  readonly subjectId?: string;
  readonly token?: { readonly digest: Digest } | { readonly tokenId: string };
  readonly familyId?: string;
  readonly requestDigest?: Digest;
  readonly failureKeys?: readonly string[];
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
      return { tenantId: command.tenantId, clientId: command.tenantId };
    case 'create_client':
      return { tenantId: command.client.tenantId, clientId: command.client.clientId };
    case 'create_subject': {
      const { subject } = command;
      return { tenantId: subject.tenantId, subjectId: subject.subjectId, handles: handlesOf(subject) };
    }
    case 'issue':
      return {
        tenantId: command.tenantId,
        clientId: command.clientId,
        withSecrets: command.proof.by === 'client_secret',
        ...(command.subjectKind === 'client' ? {} : { subjectId: command.subjectId }),
        ...(command.request === undefined ? {} : { requestDigest: command.request.requestDigest }),
        failureKeys: command.counters.map((counter) => counter.key),
      };
    case 'fail_login':
      return { tenantId: command.tenantId, failureKeys: command.counters.map((counter) => counter.key) };
    case 'refresh':
      return { tenantId: command.tenantId, token: { digest: command.digest } };
    case 'confirm':
      return { familyId: command.familyId };
    case 'revoke':
      return { tenantId: command.tenantId, ...revokePlan(command.target) };
    case 'cut_off':
    case 'enable':
      return { tenantId: command.tenantId, ...principalPlan(command.principal) };
    case 'rehash':
      return { tenantId: command.tenantId, subjectId: command.subjectId };
  }
}

function revokePlan(target: Extract<Command, { kind: 'revoke' }>['target']): LoadPlan {
  switch (target.by) {
    case 'token':
      return { token: { digest: target.digest } };
    case 'token_id':
      return { token: { tokenId: target.tokenId } };
    case 'family_id':
      return { familyId: target.familyId };
  }
}

function principalPlan(principal: Extract<Command, { kind: 'enable' }>['principal']): LoadPlan {
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
