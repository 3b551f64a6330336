/** What each command does: pure and synchronous, so that the same rules run inside a transaction of any store. */
import type { Decision } from '../changes.ts';
import type { Command } from '../commands.ts';
import type { Instant } from '../model.ts';
import type { State } from '../state.ts';
import { createClient, createSubject, createTenant } from './create.ts';
import { issue } from './issue.ts';
import { failLogin } from './login.ts';
import { cutOff, enable, rehash } from './principal.ts';
import { confirm, refresh } from './refresh.ts';
import { revoke } from './revoke.ts';
import { addClientSecret, changePassword, updateTenant } from './update.ts';

export function decide<C extends Command>(state: State, command: C, now: Instant): Decision<C>;
export function decide(state: State, command: Command, now: Instant): Decision {
  switch (command.kind) {
    case 'create_tenant':
      return createTenant(state, command, now);
    case 'create_client':
      return createClient(state, command, now);
    case 'create_subject':
      return createSubject(state, command, now);
    case 'issue':
      return issue(state, command, now);
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
    case 'update_tenant':
      return updateTenant(state, command);
    case 'change_password':
      return changePassword(state, command, now);
    case 'add_client_secret':
      return addClientSecret(state, command, now);
    case 'rehash':
      return rehash(state, command);
  }
}
