/** What a decision changes, as plain data: a store applies all of it or none. */
import type { Command, Outcome, Principal } from './commands.ts';
import type { AuditRecord, Code, CodePurpose, Message, MessageState, MfaChallenge, Totp } from './directory-model.ts';
import type { LoginHandle } from './handles.ts';
import type {
  Client,
  ClientSecret,
  Digest,
  Family,
  Instant,
  IssueRecord,
  LoginFailures,
  RevocationEvent,
  Subject,
  Tenant,
  Token,
} from './model.ts';

/** One change of one row. A store applies all of a decision's changes or none. */
export type Change =
  | { readonly change: 'insert_tenant'; readonly tenant: Tenant }
  | { readonly change: 'insert_client'; readonly client: Client }
  | { readonly change: 'insert_client_secret'; readonly secret: ClientSecret }
  | { readonly change: 'insert_subject'; readonly subject: Subject; readonly handles: readonly LoginHandle[] }
  | { readonly change: 'insert_family'; readonly family: Family }
  /** The row is kept until its family expires: whoever holds an expired token may still revoke the login that it came from. */
  | { readonly change: 'insert_token'; readonly token: Token; readonly keepUntil: Instant }
  | {
      readonly change: 'advance_family';
      readonly familyId: string;
      readonly generation: number;
      readonly lastRefresh: NonNullable<Family['lastRefresh']>;
    }
  | { readonly change: 'confirm_family'; readonly familyId: string }
  | { readonly change: 'revoke_family'; readonly familyId: string; readonly revision: number }
  /** Also moves the tenant's revision to the event's. */
  | { readonly change: 'log_revocation'; readonly event: RevocationEvent }
  | { readonly change: 'set_cutoff'; readonly principal: Principal; readonly cutoff: number }
  | { readonly change: 'set_disabled'; readonly principal: Principal; readonly disabled: boolean }
  | { readonly change: 'delete_principal'; readonly principal: Principal }
  | { readonly change: 'insert_issue_record'; readonly record: IssueRecord }
  /** Writes the record again as it is, so that the repeated answer too waits for replication. */
  | { readonly change: 'touch_issue_record'; readonly requestDigest: Digest }
  | { readonly change: 'put_login_failures'; readonly failures: LoginFailures }
  | { readonly change: 'clear_login_failures'; readonly tenantId: string; readonly key: string }
  /** Its display name and its policy; the rest of the row stays as it is. */
  | { readonly change: 'update_tenant'; readonly tenant: Tenant }
  /** Those of the client but one, unless they end sooner anyway. */
  | {
      readonly change: 'expire_client_secrets';
      readonly clientId: string;
      readonly exceptSecretId: string;
      readonly expireTime: Instant;
    }
  | { readonly change: 'set_password_hash'; readonly subjectId: string; readonly passwordHash: string }
  /** Its display name, roles and scopes. */
  | { readonly change: 'update_client'; readonly client: Client }
  | {
      readonly change: 'expire_client_secret';
      readonly clientId: string;
      readonly secretId: string;
      readonly expireTime: Instant;
    }
  /** Its profile and whether it has a second factor; and the look-up names that it loses and gains by that. */
  | {
      readonly change: 'update_subject';
      readonly subject: Subject;
      readonly lostHandles: readonly LoginHandle[];
      readonly gainedHandles: readonly LoginHandle[];
    }
  /** In place of an earlier one of the same subject and purpose. */
  | { readonly change: 'put_code'; readonly code: Code }
  | { readonly change: 'delete_code'; readonly subjectId: string; readonly purpose: CodePurpose }
  | { readonly change: 'insert_message'; readonly message: Message }
  /** A message that is not pending any more loses what was sealed in it. */
  | {
      readonly change: 'set_message_state';
      readonly messageId: string;
      readonly state: MessageState;
      readonly attempts: number;
      readonly nextAttemptTime: Instant;
      readonly lastError: string | null;
    }
  /** Gives up the pending messages of a subject and purpose: their code is void. */
  | { readonly change: 'cancel_messages'; readonly subjectId: string; readonly purpose: CodePurpose }
  /** In place of an earlier one of the same subject. */
  | { readonly change: 'put_totp'; readonly totp: Totp }
  | { readonly change: 'delete_totp'; readonly subjectId: string }
  | { readonly change: 'insert_mfa_challenge'; readonly challenge: MfaChallenge }
  | { readonly change: 'delete_mfa_challenge'; readonly digest: Digest }
  /** Also moves the head of the tenant's audit log to the record. */
  | { readonly change: 'append_audit'; readonly record: AuditRecord };

export interface Decision<C extends Command = Command> {
  readonly changes: readonly Change[];
  readonly outcome: Outcome<C>;
}
