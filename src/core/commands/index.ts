/** Every command there is, by its kind. A new one is a file of its own and a line here. */
import type { Actor } from '../actor.ts';
import type { Decision } from '../changes.ts';
import type { Instant } from '../model.ts';
import type { Plan, Reads } from '../plan.ts';
import type { Authority } from '../rules/authority.ts';
import type { AuditEntry, Rule } from '../rules/rule.ts';
import type { Client } from '../tables/clients.ts';
import { addClientSecret } from './add-client-secret.ts';
import { addTagKey } from './add-tag-key.ts';
import { advancePurge } from './advance-purge.ts';
import { attachEndNode } from './attach-end-node.ts';
import { authorize } from './authorize.ts';
import { beginDeviceAuthorization } from './begin-device-authorization.ts';
import { beginGuessRule } from './begin-guess.ts';
import { beginRegistration } from './begin-registration.ts';
import { bindKey } from './bind-key.ts';
import { changePassword } from './change-password.ts';
import { completeMfa } from './complete-mfa.ts';
import { completeRegistration } from './complete-registration.ts';
import { confirm } from './confirm.ts';
import { confirmRegistration } from './confirm-registration.ts';
import { createClient } from './create-client.ts';
import { createResourceServer } from './create-resource-server.ts';
import { createSubject } from './create-subject.ts';
import { createTenant } from './create-tenant.ts';
import { cutOff } from './cut-off.ts';
import { decideDeviceAuthorization } from './decide-device-authorization.ts';
import { deleteResourceServer } from './delete-resource-server.ts';
import { detachEndNode } from './detach-end-node.ts';
import { dropDeviceToken } from './drop-device-token.ts';
import { enable } from './enable.ts';
import { endGuessRule } from './end-guess.ts';
import { expireClientSecret } from './expire-client-secret.ts';
import { issue } from './issue.ts';
import { issueForEndNode } from './issue-for-end-node.ts';
import { noteVisit } from './note-visit.ts';
import { putDeviceToken } from './put-device-token.ts';
import { redeemAuthorizationCode } from './redeem-authorization-code.ts';
import { redeemCode } from './redeem-code.ts';
import { redeemDeviceCode } from './redeem-device-code.ts';
import { refresh } from './refresh.ts';
import { rehash } from './rehash.ts';
import { repeatRegistration } from './repeat-registration.ts';
import { replaceKey } from './replace-key.ts';
import { revoke } from './revoke.ts';
import { rewindTenant } from './rewind-tenant.ts';
import { sendCode } from './send-code.ts';
import { settleMessage } from './settle-message.ts';
import { takeMessages } from './take-messages.ts';
import { confirmTotp, enrollTotp, removeTotp } from './totp.ts';
import { unlock } from './unlock.ts';
import { updateClient } from './update-client.ts';
import { updateResourceServer } from './update-resource-server.ts';
import { updateSubject } from './update-subject.ts';
import { updateTenant } from './update-tenant.ts';
import { withdrawConsent } from './withdraw-consent.ts';

export const RULES = {
  add_client_secret: addClientSecret,
  add_tag_key: addTagKey,
  advance_purge: advancePurge,
  attach_end_node: attachEndNode,
  authorize,
  begin_device_authorization: beginDeviceAuthorization,
  begin_guess: beginGuessRule,
  begin_registration: beginRegistration,
  bind_key: bindKey,
  change_password: changePassword,
  complete_mfa: completeMfa,
  complete_registration: completeRegistration,
  confirm,
  confirm_registration: confirmRegistration,
  confirm_totp: confirmTotp,
  create_client: createClient,
  create_resource_server: createResourceServer,
  create_subject: createSubject,
  create_tenant: createTenant,
  cut_off: cutOff,
  decide_device_authorization: decideDeviceAuthorization,
  delete_resource_server: deleteResourceServer,
  detach_end_node: detachEndNode,
  drop_device_token: dropDeviceToken,
  enable,
  end_guess: endGuessRule,
  enroll_totp: enrollTotp,
  expire_client_secret: expireClientSecret,
  issue,
  issue_for_end_node: issueForEndNode,
  note_visit: noteVisit,
  put_device_token: putDeviceToken,
  redeem_authorization_code: redeemAuthorizationCode,
  redeem_code: redeemCode,
  redeem_device_code: redeemDeviceCode,
  refresh,
  rehash,
  remove_totp: removeTotp,
  repeat_registration: repeatRegistration,
  replace_key: replaceKey,
  revoke,
  rewind_tenant: rewindTenant,
  send_code: sendCode,
  settle_message: settleMessage,
  take_messages: takeMessages,
  unlock,
  update_client: updateClient,
  update_resource_server: updateResourceServer,
  update_subject: updateSubject,
  update_tenant: updateTenant,
  withdraw_consent: withdrawConsent,
} as const;

type Rules = typeof RULES;
type DataOf<R> = R extends Rule<infer C, infer _First, infer _Next, infer _A> ? C : never;
type AnswerOfRule<R> = R extends Rule<infer _C, infer _First, infer _Next, infer A> ? A : never;

/** What a command is told: its data, without who makes it. */
export type CommandData = { [K in keyof Rules]: DataOf<Rules[K]> }[keyof Rules];

/** `authority`: by whose right. `by`: who makes the change, for the audit log; absent for the server itself. */
export type Command = CommandData & { readonly authority: Authority; readonly by?: Actor | undefined };

/** What a command is answered with when it is not refused. */
export type AnswerOf<C extends CommandData> = AnswerOfRule<Rules[C['kind']]>;

/** A rule of whatever command: the state is what its plan asked for. */
interface AnyRule {
  readonly plan: (command: CommandData) => Plan<Reads>;
  readonly follow?: (first: object, command: CommandData) => Reads;
  readonly decide: (state: object, command: CommandData, now: Instant) => Decision<unknown>;
  readonly touches?: (state: object, command: CommandData) => readonly Pick<Client, 'roles'>[];
  readonly audit?: (command: CommandData, state: object, decision: Decision<unknown>) => AuditEntry | undefined;
  readonly byServer?: true;
  readonly countsGuess?: true;
}

export function ruleOf({ kind }: CommandData): AnyRule {
  return RULES[kind] as unknown as AnyRule;
}
