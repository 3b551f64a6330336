/** What of a decision goes into the tenant's audit log. */

import { SERVER } from '../actor.ts';
import { AUDIT_START, auditHash } from '../audit.ts';
import type { Change, Decision } from '../changes.ts';
import type { Command, CutOff } from '../commands.ts';
import type { AuditRecord } from '../directory-model.ts';
import type { Instant, Tenant } from '../model.ts';
import type { State } from '../state.ts';

/** What a record says besides who, when and with which result. */
type Entry = Pick<AuditRecord, 'tenantId' | 'action' | 'targetKind' | 'targetId' | 'details'>;

const CUT_OFFS: Readonly<Record<CutOff['cause'], string>> = {
  revoked: 'revoke_all',
  disabled: 'disable',
  deleted: 'delete',
};

/**
 * Appends the record of a change. What was refused is in it when it changed something all the same: a guess at a code that was counted,
 * a family that was ended; else strangers could make it grow without end. Issue, Refresh and failed logins are not in it:
 * docs/decisions.md.
 */
export function withAudit<D extends Decision>(state: State, command: Command, decision: D, now: Instant): D {
  const { changes, outcome } = decision;
  const entry = changes.length > 0 ? entryOf(state, command, decision) : undefined;
  const head = command.kind === 'create_tenant' ? NEW_TENANT : state.tenant;
  if (entry === undefined || head === undefined) {
    return decision;
  }
  const result = 'refusal' in outcome ? outcome.refusal.code : 'ok';
  const audit = appendAudit(head, { ...entry, actor: command.by ?? SERVER, result }, now);
  return { ...decision, changes: [...decision.changes, audit] };
}

/** The record that follows the head of its tenant's log. */
export function appendAudit(
  head: Pick<Tenant, 'auditSequence' | 'auditHash'>,
  entry: Omit<AuditRecord, 'sequence' | 'eventTime' | 'hash'>,
  now: Instant,
): Change {
  const unsigned = { ...entry, sequence: head.auditSequence + 1, eventTime: now };
  return { change: 'append_audit', record: { ...unsigned, hash: auditHash(head.auditHash, unsigned) } };
}

const NEW_TENANT = { auditSequence: 0, auditHash: AUDIT_START };

function entryOf(state: State, command: Command, { changes, outcome }: Decision): Entry | undefined {
  switch (command.kind) {
    case 'create_tenant':
      return entry(command.tenantId, 'create_tenant', 'tenant', command.tenantId);
    case 'update_tenant':
      return entry(command.tenantId, 'update_tenant', 'tenant', command.tenantId, [
        ...(command.displayName === undefined ? [] : ['display_name']),
        ...namesOf(command.policy ?? {}),
      ]);
    case 'create_client': {
      const { tenantId, clientId, roles } = command.client;
      return entry(tenantId, 'create_client', 'client', clientId, roles);
    }
    case 'update_client': {
      const { tenantId, clientId, displayName, roles, scopes } = command;
      return entry(tenantId, 'update_client', 'client', clientId, namesOf({ displayName, roles, scopes }));
    }
    case 'add_client_secret':
    case 'expire_client_secret': {
      const secretId = command.kind === 'add_client_secret' ? command.secret.secretId : command.secretId;
      const isReset = command.kind === 'add_client_secret' && command.endTokens;
      const details = [secretId, ...(isReset ? ['reset'] : [])];
      return entry(command.tenantId, command.kind, 'client', command.clientId, details);
    }
    case 'create_subject': {
      const { tenantId, subjectId, kind } = command.subject;
      return entry(tenantId, `register_${kind}`, kind, subjectId, command.issue === undefined ? [] : ['with_token']);
    }
    case 'update_subject': {
      const { tenantId, subjectId, subjectKind } = command;
      return entry(tenantId, `update_${subjectKind}`, subjectKind, subjectId, [
        ...namesOf(command.set),
        ...(command.attributesPatch === undefined ? [] : ['attributes']),
        ...(command.firstPasswordHash === undefined ? [] : ['password']),
        ...(command.addOwnerId === undefined ? [] : [`add_owner ${command.addOwnerId}`]),
        ...(command.removeOwnerId === undefined ? [] : [`remove_owner ${command.removeOwnerId}`]),
      ]);
    }
    case 'change_password':
      return ofSubject(state, command, command.oldHash === undefined ? ['without_old_password'] : []);
    case 'send_code':
      return ofSubject(state, command, [command.code.purpose, command.code.channel]);
    case 'redeem_code':
      return ofSubject(state, command, [command.purpose]);
    case 'enrol_totp':
    case 'confirm_totp':
    case 'remove_totp':
      return ofSubject(state, command);
    case 'cut_off':
    case 'enable': {
      const { tenantId, principal } = command;
      const action = command.kind === 'enable' ? 'enable' : CUT_OFFS[command.cause];
      return entry(tenantId, action, principal.kind, principal.id);
    }
    case 'revoke': {
      // What was revoked before, or is unknown, is no change.
      const isNothing = 'answer' in outcome && 'revoked' in outcome.answer && !outcome.answer.revoked;
      return isNothing ? undefined : entry(command.tenantId, 'revoke', 'family', state.family?.familyId ?? '');
    }
    case 'refresh':
      return changes.some(isRevocation)
        ? entry(command.tenantId, 'refresh_reuse', 'family', state.family?.familyId ?? '')
        : undefined;
    case 'issue':
    case 'complete_mfa':
    case 'fail_login':
    case 'confirm':
    case 'rehash':
    case 'take_messages':
    case 'settle_message':
      return undefined;
  }
}

function entry(
  tenantId: string,
  action: string,
  targetKind: string,
  targetId: string,
  details: readonly string[] = [],
): Entry {
  return { tenantId, action, targetKind, targetId, details: details.join(', ') };
}

function ofSubject(
  { subject }: State,
  { kind, tenantId, subjectId }: { readonly kind: string; readonly tenantId: string; readonly subjectId: string },
  details?: readonly string[],
): Entry {
  return entry(tenantId, kind, subject?.tenantId === tenantId ? subject.kind : 'user', subjectId, details);
}

/** Of what was given, the names alone. */
function namesOf(set: object): string[] {
  return Object.entries(set)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

function isRevocation({ change }: Change): boolean {
  return change === 'revoke_family';
}
