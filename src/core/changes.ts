/** What a decision changes, as plain data: a store applies all of it or none. */
import type { Command, Outcome, Principal } from './commands.ts';
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
  | { readonly change: 'set_password_hash'; readonly subjectId: string; readonly passwordHash: string };

export interface Decision<C extends Command = Command> {
  readonly changes: readonly Change[];
  readonly outcome: Outcome<C>;
}
