/**
 * What the bearer of a token may do with the data of a user or a device: one table, and the one order in which the reasons against it are
 * looked for. Pure: who reads the rows is `operations/check.ts`.
 */
import type { TokenKind } from '../model.ts';
import type { Consent } from '../tables/consents.ts';
import type { Family } from '../tables/families.ts';
import type { Subject } from '../tables/subjects.ts';
import { scopesAt } from './consents.ts';
import { deviceTypeOf } from './device-types.ts';

export type AccessReason =
  | 'allowed'
  | 'token_not_live'
  | 'kind_not_allowed'
  | 'target_missing'
  | 'target_unknown'
  | 'target_disabled'
  | 'not_the_user'
  | 'not_the_owner'
  | 'not_this_device'
  | 'no_consent'
  | 'scope_missing';

/** `read` and `write` may be had for a type of devices alone. */
type Scope = 'read' | 'write' | 'profile.read' | 'profile.write';
type Kind = 'USER' | 'APPLICATION' | 'DEVICE';

interface AccessRule {
  /** What it is done with; nothing: with what the token stands for. */
  readonly targets: readonly ('user' | 'device')[];
  readonly kinds: readonly Kind[];
  readonly scopes: readonly Scope[];
  /** Whether it is done with a disabled device too, as to enable it. */
  readonly isForDisabled?: true;
  /** Whether it is about devices of a type that is asked for, and not about one that there is. */
  readonly isOfType?: true;
}

const PEOPLE = ['USER', 'APPLICATION'] as const;
const ALL = ['USER', 'APPLICATION', 'DEVICE'] as const;

/** Who may do what, apart from whose it is. A kind that is not named may not. */
export const ACCESS_RULES = {
  read_profile: { targets: ['user'], kinds: PEOPLE, scopes: ['profile.read'] },
  write_profile: { targets: ['user'], kinds: PEOPLE, scopes: ['profile.write'] },
  keep_properties: { targets: ['user'], kinds: PEOPLE, scopes: [] },
  list_devices: { targets: ['user'], kinds: PEOPLE, scopes: ['read'], isOfType: true },
  add_device: { targets: ['user'], kinds: ['USER'], scopes: ['write'], isOfType: true },
  read_device: { targets: ['device'], kinds: ALL, scopes: ['read'], isForDisabled: true },
  write_device: { targets: ['device'], kinds: PEOPLE, scopes: ['write'], isForDisabled: true },
  share_device: { targets: ['device'], kinds: ['USER'], scopes: ['write', 'profile.read', 'profile.write'] },
  manage_device_token: { targets: ['device'], kinds: PEOPLE, scopes: ['write'] },
  confirm_registration: { targets: ['user'], kinds: ['USER'], scopes: ['write'] },
  read_messages: { targets: ['user', 'device'], kinds: ALL, scopes: ['read'] },
  export_messages: { targets: ['user', 'device'], kinds: PEOPLE, scopes: ['read'] },
  send_message: { targets: ['device'], kinds: ALL, scopes: ['write'] },
  send_action: { targets: ['device'], kinds: PEOPLE, scopes: ['write'] },
  connect_device: { targets: ['device'], kinds: ['DEVICE'], scopes: [] },
  subscribe: { targets: ['user', 'device'], kinds: PEOPLE, scopes: ['read'] },
  manage_rules: { targets: ['user'], kinds: PEOPLE, scopes: ['read', 'write'] },
  act_as_application: { targets: [], kinds: ['APPLICATION'], scopes: [] },
} as const satisfies Record<string, AccessRule>;

export type AccessPermission = keyof typeof ACCESS_RULES;

/** Whom or what it is to be done with. */
export interface AccessTarget {
  readonly kind: 'user' | 'device';
  readonly id: string;
}

/** What was read: a live token, the target, and of an application's token what the owners of the target granted its client. */
export interface AccessFacts {
  readonly token: Pick<Family, 'kind' | 'tenantId' | 'subjectId' | 'scopes' | 'consentId' | 'audience'>;
  readonly target: AccessTarget | undefined;
  readonly subject: Subject | undefined;
  /** Of users that are not disabled. */
  readonly consents: readonly Pick<Consent, 'subjectId' | 'scopes' | 'withdrawTime'>[];
  readonly deviceType: string | undefined;
}

export interface Access {
  readonly reason: AccessReason;
  /** By whose right it is allowed; undefined where it is not by a user's. */
  readonly userId?: string | undefined;
}

/** Of a token without a target: what it stands for. Undefined of a client's. */
export function targetOf(
  { kind, subjectId }: AccessFacts['token'],
  asked: AccessTarget | undefined,
): AccessTarget | undefined {
  if (asked !== undefined || (kind !== 'USER' && kind !== 'DEVICE')) {
    return asked;
  }
  return { kind: kind === 'USER' ? 'user' : 'device', id: subjectId };
}

/** Starts from refused: each check can only let it through. */
export function decideAccess(permission: AccessPermission, facts: AccessFacts): Access {
  const rule: AccessRule = ACCESS_RULES[permission];
  const { token, target } = facts;
  const { kind } = token;
  if (kind !== 'ADMIN' && !isOneOf(rule.kinds, kind)) {
    return { reason: 'kind_not_allowed' };
  }
  if (rule.targets.length === 0) {
    return { reason: 'allowed' };
  }
  if (target === undefined || !rule.targets.includes(target.kind)) {
    return { reason: kind === 'ADMIN' && target === undefined ? 'allowed' : missingOf(facts) };
  }
  return decideByTarget(rule, facts, target);
}

/** A device that asks about a user is told what is wrong with that. */
function missingOf({ token, target }: AccessFacts): AccessReason {
  return token.kind === 'DEVICE' && target?.kind === 'user' ? 'not_this_device' : 'target_missing';
}

function decideByTarget(rule: AccessRule, facts: AccessFacts, target: AccessTarget): Access {
  const { token, subject } = facts;
  if (subject?.tenantId !== token.tenantId || subject.kind !== target.kind) {
    return { reason: 'target_unknown' };
  }
  if (token.kind === 'ADMIN') {
    return { reason: 'allowed' };
  }
  if (subject.disabled && rule.isForDisabled === undefined) {
    return { reason: 'target_disabled' };
  }
  switch (token.kind) {
    case 'DEVICE':
      return { reason: token.subjectId === target.id ? 'allowed' : 'not_this_device' };
    case 'USER':
      return decideForUser(rule, facts, subject);
    case 'APPLICATION':
      return decideForApplication(rule, facts, subject);
    case 'ANONYMOUS':
      return { reason: 'kind_not_allowed' };
  }
}

/** Without a consent it is the user itself who acts, and not a client for it: no scope limits that. */
function decideForUser(rule: AccessRule, facts: AccessFacts, subject: Subject): Access {
  const { subjectId: userId, consentId, scopes } = facts.token;
  if (subject.kind === 'user' ? subject.subjectId !== userId : !subject.ownerIds.includes(userId)) {
    return { reason: subject.kind === 'user' ? 'not_the_user' : 'not_the_owner' };
  }
  return consentId === null || hasScopes(scopes, rule, facts)
    ? { reason: 'allowed', userId }
    : { reason: 'scope_missing' };
}

/** One owner who granted it is enough. */
function decideForApplication(rule: AccessRule, facts: AccessFacts, subject: Subject): Access {
  const ownerIds = subject.kind === 'user' ? [subject.subjectId] : subject.ownerIds;
  const { scopes, audience } = facts.token;
  const standing = facts.consents
    .filter(({ subjectId, withdrawTime }) => ownerIds.includes(subjectId) && withdrawTime === null)
    .map((consent) => ({ userId: consent.subjectId, granted: scopesAt(consent, audience) }))
    .filter(({ granted }) => granted.length > 0);
  if (standing.length === 0) {
    return { reason: 'no_consent' };
  }
  const isOwnLimit = scopes.length > 0 && !hasScopes(scopes, rule, facts);
  const granting = isOwnLimit ? undefined : standing.find(({ granted }) => hasScopes(granted, rule, facts));
  return granting === undefined ? { reason: 'scope_missing' } : { reason: 'allowed', userId: granting.userId };
}

function hasScopes(scopes: readonly string[], rule: AccessRule, facts: AccessFacts): boolean {
  const type = typeIn(rule, facts);
  return rule.scopes.every(
    (needed) => scopes.includes(needed) || (type !== undefined && scopes.some((scope) => isOf(scope, needed, type))),
  );
}

/** Of the device, or the type that was asked for. */
function typeIn(rule: AccessRule, { subject, deviceType }: AccessFacts): string | undefined {
  if (rule.isOfType) {
    return deviceType;
  }
  return subject?.kind === 'device' ? deviceTypeOf(subject) : undefined;
}

/** Whether it is `needed:TYPE` of this type. Scopes can't have every character, so types are percent-encoded in them. */
function isOf(scope: string, needed: Scope, type: string): boolean {
  if ((needed !== 'read' && needed !== 'write') || !scope.startsWith(`${needed}:`)) {
    return false;
  }
  try {
    return decodeURIComponent(scope.slice(needed.length + 1)) === type;
  } catch {
    // Not encoded so: it names no type.
    return false;
  }
}

function isOneOf(kinds: readonly Kind[], kind: TokenKind): boolean {
  return (kinds as readonly TokenKind[]).includes(kind);
}
