/** What each command does: pure and synchronous, so that the same rules run inside a transaction of any store. */
import type { Decision } from '../changes.ts';
import type { Command } from '../commands.ts';
import { CALLER_UNAUTHENTICATED } from '../errors.ts';
import type { Instant } from '../model.ts';
import type { State } from '../state.ts';
import { withAudit } from './audit.ts';
import { addClientSecret, createClient, expireClientSecret, updateClient } from './client.ts';
import { redeemCode, sendCode } from './code.ts';
import { refuse } from './decision.ts';
import { issue } from './issue.ts';
import { failLogin } from './login.ts';
import { settleMessage, takeMessages } from './message.ts';
import { changePassword, rehash } from './password.ts';
import { cutOff, enable } from './principal.ts';
import { confirm, refresh } from './refresh.ts';
import { revoke } from './revoke.ts';
import { completeMfa, confirmTotp, enrolTotp, removeTotp } from './second-factor.ts';
import { createSubject, updateSubject } from './subject.ts';
import { createTenant, updateTenant } from './tenant.ts';

/** The decision, with its record for the audit log. */
export function decide<C extends Command>(state: State, command: C, now: Instant): Decision<C>;
export function decide(state: State, command: Command, now: Instant): Decision {
  const decision = isBearerLive(state, command) ? rule(state, command, now) : refuse(CALLER_UNAUTHENTICATED);
  return withAudit(state, command, decision, now);
}

/** Whether what ends all tokens of the tenant, or of a subject that acts on itself, came after the token by which it acts. */
function isBearerLive({ tenant, subject }: State, { bearer }: Command): boolean {
  if (bearer === undefined || tenant === undefined) {
    return true;
  }
  const own = subject?.subjectId === bearer.subjectId ? subject : { disabled: false, cutoff: 0 };
  return !tenant.disabled && !own.disabled && bearer.issueRevision >= Math.max(tenant.cutoff, own.cutoff);
}

function rule(state: State, command: Command, now: Instant): Decision {
  switch (command.kind) {
    case 'create_tenant':
      return createTenant(state, command, now);
    case 'update_tenant':
      return updateTenant(state, command);
    case 'create_client':
      return createClient(state, command, now);
    case 'update_client':
      return updateClient(state, command);
    case 'add_client_secret':
      return addClientSecret(state, command, now);
    case 'expire_client_secret':
      return expireClientSecret(state, command);
    case 'create_subject':
      return createSubject(state, command, now);
    case 'update_subject':
      return updateSubject(state, command, now);
    case 'change_password':
      return changePassword(state, command, now);
    case 'rehash':
      return rehash(state, command);
    case 'send_code':
      return sendCode(state, command, now);
    case 'redeem_code':
      return redeemCode(state, command, now);
    case 'enrol_totp':
      return enrolTotp(state, command, now);
    case 'confirm_totp':
      return confirmTotp(state, command, now);
    case 'remove_totp':
      return removeTotp(state, command, now);
    case 'take_messages':
      return takeMessages(state, command, now);
    case 'settle_message':
      return settleMessage(command);
    case 'issue':
      return issue(state, command, now);
    case 'complete_mfa':
      return completeMfa(state, command, now);
    case 'fail_login':
      return failLogin(state, command, now);
    case 'refresh':
      return refresh(state, command, now);
    case 'confirm':
      return confirm(state, command);
    case 'revoke':
      return revoke(state, command, now);
    case 'cut_off':
      return cutOff(state, command, now);
    case 'enable':
      return enable(state, command);
  }
}
