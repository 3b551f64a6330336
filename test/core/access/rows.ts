/** What a check reads, good in every respect but those that a case names. */
import {
  type Access,
  type AccessFacts,
  type AccessPermission,
  type AccessTarget,
  decideAccess,
  targetOf,
} from '../../../src/core/rules/access.ts';
import type { Subject } from '../../../src/core/tables/subjects.ts';
import { subject } from '../commands/rows.ts';

export const ANN = 'ann';
export const LAMP = 'th.lamp';
export const TYPE = 'acme/lamp, "v2"';
const ENCODED = encodeURIComponent(TYPE);

const DEVICE = { kind: 'device', loginName: null, email: null, phone: null } as const;
/** Ann's lamp, a lamp of nobody's, Ann and Bob. */
const SUBJECTS: readonly Subject[] = [
  subject({ subjectId: ANN }),
  subject({ subjectId: 'bob' }),
  subject({ subjectId: 'carl', disabled: true }),
  subject({ subjectId: 'eve', tenantId: 'other' }),
  subject({
    ...DEVICE,
    ...{ subjectId: LAMP, ownerIds: ['carl', ANN], attributes: JSON.stringify({ _thingType: TYPE }) },
  }),
  subject({ ...DEVICE, subjectId: 'th.off', ownerIds: [ANN], disabled: true }),
  subject({ ...DEVICE, subjectId: 'th.bobs', ownerIds: ['bob'], attributes: '{"_thingType":7}' }),
];

export interface Asking {
  readonly kind: AccessFacts['token']['kind'];
  readonly subjectId?: string;
  /** Of a USER token: whether it came by consent. */
  readonly byConsent?: boolean;
  readonly audience?: string;
  readonly scopes?: readonly string[];
  /** Of an APPLICATION token: what users granted its client. */
  readonly granted?: Readonly<Record<string, readonly string[]>>;
}

export const TOKENS = {
  password: { kind: 'USER' },
  consented: { kind: 'USER', byConsent: true, scopes: ['read', 'write', 'profile.read', 'profile.write'] },
  typed: { kind: 'USER', byConsent: true, scopes: [`read:${ENCODED}`, `write:${ENCODED}`] },
  bare: { kind: 'USER', byConsent: true, scopes: [] },
  application: { kind: 'APPLICATION', granted: { [ANN]: ['read', 'write', 'profile.read', 'profile.write'] } },
  stranger: { kind: 'APPLICATION', granted: {} },
  device: { kind: 'DEVICE', subjectId: LAMP },
  admin: { kind: 'ADMIN' },
  anonymous: { kind: 'ANONYMOUS' },
} as const satisfies Record<string, Asking>;

export const user = (id: string): AccessTarget => ({ kind: 'user', id });
export const device = (id: string): AccessTarget => ({ kind: 'device', id });

export function access(
  { kind, subjectId = kind === 'USER' ? ANN : 'app', byConsent = false, audience, scopes = [], granted = {} }: Asking,
  permission: AccessPermission,
  asked?: AccessTarget,
  deviceType?: string,
): Access {
  const token = {
    kind,
    tenantId: 'acme',
    subjectId,
    scopes,
    consentId: byConsent ? 'co_1' : null,
    audience: audience ?? null,
  };
  const target = targetOf(token, asked);
  const consents = Object.entries(granted).map(([id, grant]) => ({
    ...{ subjectId: id, scopes: grant, withdrawTime: grant.length === 0 ? 1 : null },
  }));
  const found = SUBJECTS.find((each) => each.subjectId === target?.id);
  return decideAccess(permission, { token, target, subject: found, consents, deviceType });
}
