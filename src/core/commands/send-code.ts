import { answer, type Decision, refuse } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import type { Instant } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import { proven, unproven } from '../rules/addresses.ts';
import { type NewCode, newCode, readCodes } from '../rules/codes.ts';
import { refuseAbsent, unmet } from '../rules/refusals.ts';
import { entry, rule } from '../rules/rule.ts';
import { SUBJECT, type Subject } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/** Sends a code to the address of a subject that it proves, or by which the password is reset. */
export interface SendCode {
  readonly kind: 'send_code';
  readonly tenantId: string;
  readonly subjectId: string;
  readonly code: NewCode;
  /** Where it goes, as the subject has it. */
  readonly address: string;
}

export const DISABLED = unmet('The user is disabled');

export const sendCode = rule<SendCode>()({
  kind: 'send_code',
  plan: ({ tenantId, subjectId, code, address }) => ({
    locks: [lockRow(TENANT, { tenantId }), lockRow(SUBJECT, { subjectId })],
    reads: {
      tenant: one(TENANT, { tenantId }),
      subject: one(SUBJECT, { subjectId }),
      ...readCodes(tenantId, subjectId, code.channel === 'email' ? { email: address } : { phone: address }),
    },
  }),
  decide: (state, command, now): Decision<{ readonly address: string; readonly expireTime: Instant }> => {
    const found = refuseAbsent(state, command);
    if ('refusal' in found) {
      return refuse(found.refusal);
    }
    const { tenant, subject } = found;
    const { code } = command;
    if (subject.disabled || tenant.disabled) {
      return refuse(DISABLED);
    }
    const address = addressFor(subject, code);
    if (typeof address !== 'string') {
      return refuse(address);
    }
    if (address !== command.address) {
      return refuse(unmet('The address was changed meanwhile'));
    }
    const sent = newCode(state, tenant, subject, code, address, now);
    return 'refusal' in sent ? refuse(sent.refusal) : answer({ address, expireTime: sent.expireTime }, sent.changes);
  },
  audit: ({ tenantId, subjectId, code }, { subject }) =>
    entry(tenantId, 'send_code', subject?.kind ?? 'user', subjectId, [code.purpose, code.channel]),
});

/** Where a code of this purpose goes, or why it can't be sent. */
function addressFor(subject: Subject, { purpose, channel }: NewCode): string | Refusal {
  const what = channel === 'email' ? 'e-mail address' : 'phone number';
  // A reset goes to a proven address: who gave a wrong one must not let its owner in.
  const address = purpose === 'reset_password' ? proven(subject, channel) : unproven(subject, purpose);
  if (address !== null) {
    return address;
  }
  if ((channel === 'email' ? subject.email : subject.phone) === null) {
    return unmet(`The user has no ${what}`);
  }
  return unmet(`The user’s ${what} is ${purpose === 'reset_password' ? 'not verified' : 'verified already'}`);
}
