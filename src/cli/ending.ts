/** `disable`, `enable`, `revoke` and `delete` of a tenant, client, user or device: the operator's ways to end tokens at once. */
import type { Command } from 'commander';
import type { AwaitedVerifiers } from '../../gen/ts/symbolon/v1/token_service.ts';
import { type Api, CallFailed } from './api/api.ts';
import { withApi } from './api/open.ts';
import { idOf, type Kind, type TenantOptions, targetCommand, tenantIn } from './naming.ts';
import { type ConfirmOptions, confirm, FEW_LOGINS, yesOption } from './terminal/confirm.ts';
import { plain, printResult, type Result } from './terminal/output.ts';
import { type Wait, type WaitOptions, waitedResult, waitOf, waitOption } from './waiting.ts';

type Verb = 'disable' | 'enable' | 'revoke' | 'delete';

const DOES: Readonly<Record<Verb, string>> = {
  disable: 'refuse its logins and calls, and end all of its tokens',
  enable: 'let it in again; tokens that ended stay dead',
  revoke: 'end all of its tokens; it can log in again',
  delete: 'delete it, and end all of its tokens',
};

interface Answer {
  readonly revision?: number;
  readonly verifiers?: AwaitedVerifiers | undefined;
}

type Act = (api: Api, id: string, wait: Wait) => Promise<Answer>;

const user = (userId: string) => ({ user: { user: { $case: 'userId', value: userId } as const } });
const device = (deviceId: string) => ({ device: { device: { $case: 'deviceId', value: deviceId } as const } });

/** A tenant can't be deleted: its revisions would begin anew. */
const ACTS: Readonly<Record<Kind, Readonly<Partial<Record<Verb, Act>>>>> = {
  tenant: {
    disable: (api, tenantId, wait) => api.call('disableTenant', { tenantId, ...wait }),
    enable: (api, tenantId) => api.call('enableTenant', { tenantId }),
    revoke: (api, value, wait) => api.call('revokeAll', { target: { $case: 'tenantId', value }, ...wait }),
  },
  client: {
    disable: (api, clientId, wait) => api.call('disableClient', { clientId, ...wait }),
    enable: (api, clientId) => api.call('enableClient', { clientId }),
    revoke: (api, value, wait) => api.call('revokeAll', { target: { $case: 'clientId', value }, ...wait }),
    delete: (api, clientId, wait) => api.call('deleteClient', { clientId, ...wait }),
  },
  user: {
    disable: (api, id, wait) => api.call('disableUser', { ...user(id), ...wait }),
    enable: (api, id) => api.call('enableUser', user(id)),
    revoke: (api, value, wait) => api.call('revokeAll', { target: { $case: 'userId', value }, ...wait }),
    delete: (api, id, wait) => api.call('deleteUser', { ...user(id), ...wait }),
  },
  device: {
    disable: (api, id, wait) => api.call('disableDevice', { ...device(id), ...wait }),
    enable: (api, id) => api.call('enableDevice', device(id)),
    revoke: (api, value, wait) => api.call('revokeAll', { target: { $case: 'deviceId', value }, ...wait }),
    delete: (api, id, wait) => api.call('deleteDevice', { ...device(id), ...wait }),
  },
};

/** The commands of one kind. */
export function endingCommands(kind: Kind): Command[] {
  return Object.entries(ACTS[kind]).map(([verb, act]) => {
    const command = targetCommand(kind, verb).description(DOES[verb as Verb]);
    const asked = verb === 'enable' ? command : command.addOption(waitOption()).addOption(yesOption());
    return asked.action((name: string, options: EndingOptions) => run(kind, verb as Verb, act, name, options));
  });
}

async function run(kind: Kind, verb: Verb, act: Act, name: string, options: EndingOptions): Promise<void> {
  // What is done to a tenant as a whole needs none to be done in.
  const tenantId = kind === 'tenant' ? '' : tenantIn(options);
  if (verb === 'enable') {
    const id = await withApi(options, tenantId, async (api) => {
      const found = await idOf(api, kind, tenantId, name);
      await act(api, found, {});
      return found;
    });
    printResult(options, named(kind, tenantId, id));
    return;
  }
  const { id, answer, ended, note } = await endLogins(options, { kind, tenantId, name }, act);
  const { verifiers, ...rest } = answer;
  printResult(options, { ...named(kind, tenantId, id), ...ended, ...rest, ...waitedResult(verifiers) }, note);
}

interface Ended<T> {
  readonly id: string;
  readonly answer: T;
  /** How many logins ended, as they are printed; empty where it can't be told. */
  readonly ended: Result;
  readonly note: string | undefined;
}

/** Lets `act` end the logins of who is named, after a question where they are many. */
export async function endLogins<T>(
  options: EndingOptions,
  { kind, tenantId, name }: { readonly kind: Kind; readonly tenantId: string; readonly name: string },
  act: (api: Api, id: string, wait: Wait) => Promise<T>,
): Promise<Ended<T>> {
  const attempt = (asked?: string) =>
    withApi(options, tenantId, async (api): Promise<Ended<T> | Asked> => {
      const id = asked ?? (await idOf(api, kind, tenantId, name));
      const count = await countLogins(api, kind, id);
      const question = asked === undefined && options.yes !== true ? questionOf(`${kind} ${name}`, count) : undefined;
      if (question !== undefined) {
        return { id, question };
      }
      const answer = await act(api, id, waitOf(options));
      const ended: Result = count === undefined ? {} : { logins_ended: count.logins, more_ended: count.more };
      return { id, answer, ended, note: count && `${countText(count)} of ${kind} ${plain(name)} ended.` };
    });
  const first = await attempt();
  if (!('question' in first)) {
    return first;
  }
  // Not while the store is open: others would wait for who types. The name may be another's by then, and the id stays.
  await confirm(options, first.question, name);
  return (await attempt(first.id)) as Ended<T>;
}

interface LoginCount {
  readonly logins: number;
  /** Whether there may be more: not all were looked at. */
  readonly more: boolean;
}

/** How many logins are about to end. Undefined where it can't be told now: that keeps nobody from ending them. */
async function countLogins(api: Api, kind: Kind, value: string): Promise<LoginCount | undefined> {
  try {
    return await api.call('countLogins', { target: { $case: `${kind}Id`, value } });
  } catch (error) {
    if (error instanceof CallFailed && ['overloaded', 'permission_denied', 'deadline_exceeded'].includes(error.code)) {
      return undefined;
    }
    throw error;
  }
}

export type EndingOptions = TenantOptions & ConfirmOptions & WaitOptions;

interface Asked {
  readonly id: string;
  readonly question: string;
}

/** What is asked before many logins end, or nobody knows how many. */
export function questionOf(whose: string, count: LoginCount | undefined): string | undefined {
  if (count === undefined) {
    return `this ends all logins of ${whose}, and how many can’t be told now`;
  }
  return count.more || count.logins > FEW_LOGINS
    ? `this ends ${count.more ? 'at least ' : ''}${count.logins.toLocaleString('en')} logins of ${whose}`
    : undefined;
}

/** `1,204 logins`, `At least 10,000 logins`. */
function countText({ logins, more }: LoginCount): string {
  const number = logins.toLocaleString('en');
  return `${more ? `At least ${number}` : logins === 0 ? 'No' : number} ${logins === 1 && !more ? 'login' : 'logins'}`;
}

/** Which target of which tenant; the tenant of a client of a server is its own, and is not told. */
export function named(kind: Kind, tenantId: string, id: string): Result {
  return kind === 'tenant' ? { tenant_id: id } : { tenant_id: tenantId === '' ? null : tenantId, [`${kind}_id`]: id };
}
