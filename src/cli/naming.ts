/** Naming a tenant, client, user or device on the command line. */
import { Command, Option } from 'commander';
import type { DeviceRef } from '../../gen/ts/symbolon/v1/device_service.ts';
import type { UserRef } from '../../gen/ts/symbolon/v1/user_service.ts';
import { hasIdForm } from '../core/ids.ts';
import type { Target } from '../core/model.ts';
import type { LoginHandle } from '../core/text/handles.ts';
import { type Api, CallFailed } from './api/api.ts';
import { type ApiOptions, withApiOptions } from './api/open.ts';
import { UsageError } from './terminal/failures.ts';
import { jsonOption, type OutputOptions } from './terminal/output.ts';

export type Kind = Target['kind'];
export type SubjectKind = 'user' | 'device';

/** Of a command in one tenant. */
export interface TenantOptions extends OutputOptions, ApiOptions {
  readonly tenant?: string;
}

const WHO: Readonly<Record<Kind, string>> = {
  tenant: 'its id',
  client: 'its id',
  user: 'its id, login name, or verified e-mail or phone number',
  device: 'its id or vendor id',
};

/** What may stand before a name that could be several. */
const PREFIXES: Readonly<Partial<Record<Kind, string>>> = {
  user: ' (id:, login-name:, email: or phone: before it says which)',
  device: ' (id: or vendor-id: before it says which)',
};

/** A command on one target that is named by its argument. */
export function targetCommand(kind: Kind, verb: string): Command {
  const command = new Command(verb).argument(`<${kind}>`, `${WHO[kind]}${PREFIXES[kind] ?? ''}`);
  return kind === 'tenant' ? withApiOptions(command.addOption(jsonOption())) : tenantCommand(command);
}

/** A command in one tenant. */
export function tenantCommand(command: Command, description = 'id of its tenant'): Command {
  return withApiOptions(command.addOption(tenantOption(description)).addOption(jsonOption()));
}

function tenantOption(description: string): Option {
  return new Option('--tenant <tenant-id>', `${description} (as a client of a server: its own tenant)`);
}

/** The tenant that a command acts in; as a client of a server it may be left out, and is then empty. */
export function tenantIn({ tenant, server }: TenantOptions): string {
  if (tenant === undefined && server === undefined) {
    throw new UsageError('--tenant is missing. Name a tenant: symbolon tenant list prints them');
  }
  return tenant ?? '';
}

type Ref<K extends SubjectKind> = NonNullable<K extends 'user' ? UserRef['user'] : DeviceRef['device']>;

/** The id of who is named. What could name two people names nobody until its kind is said. */
export async function idOf(api: Api, kind: Kind, tenantId: string, name: string): Promise<string> {
  if (kind === 'tenant' || kind === 'client') {
    return name;
  }
  const found = new Map<string, string>();
  for (const handle of await handlesOf(kind, name)) {
    const id = await find(api, kind, handle);
    if (id !== undefined && !found.has(id)) {
      found.set(id, `${prefixOf(handle)}:${handle.key}`);
    }
  }
  const [id, ...others] = found.keys();
  const where = (word: string) => (tenantId === '' ? '' : ` ${word} the tenant ${tenantId}`);
  if (id === undefined) {
    throw new CallFailed('not_found', `there is no ${kind} ${name}${where('in')}. Name ${WHO[kind]}`);
  }
  if (others.length > 0) {
    const ways = [...found.values()].join(' or ');
    throw new UsageError(`${name} names more than one ${kind}${where('of')}. Name ${ways}`);
  }
  return id;
}

async function find(api: Api, kind: SubjectKind, handle: LoginHandle): Promise<string | undefined> {
  try {
    if (kind === 'user') {
      return (await api.call('getUser', { user: { user: userRef(handle) } })).user?.userId;
    }
    return (await api.call('getDevice', { device: { device: deviceRef(handle) } })).device?.deviceId;
  } catch (error) {
    if (error instanceof CallFailed && error.code === 'not_found') {
      return undefined;
    }
    throw error;
  }
}

function userRef({ kind, key: value }: LoginHandle): Ref<'user'> {
  switch (kind) {
    case 'email':
    case 'phone':
      return { $case: kind, value };
    case 'login_name':
      return { $case: 'loginName', value };
    default:
      return { $case: 'userId', value };
  }
}

function deviceRef({ kind, key: value }: LoginHandle): Ref<'device'> {
  return { $case: kind === 'vendor_id' ? 'vendorId' : 'deviceId', value };
}

/** No name has a colon, so that a kind before one is nothing else. */
async function handlesOf(kind: SubjectKind, name: string): Promise<LoginHandle[]> {
  const { parseUsername, toVendorIdHandle } = await import('../core/text/usernames.ts');
  const [, prefix = '', said = ''] = /^(id|login-name|email|phone|vendor-id):(.+)$/i.exec(name) ?? [];
  const text = prefix === '' ? name : said;
  const byId: LoginHandle = { kind: 'subject_id', key: text };
  if (prefix.toLowerCase() === 'id') {
    return [byId];
  }
  const userName = prefix === '' ? text : `${prefix.toUpperCase().replace('-', '_')}:${text}`;
  const byName = kind === 'device' ? toVendorIdHandle(text) : parseUsername(userName);
  const isSaid = prefix === '' || (kind === 'device') === (prefix.toLowerCase() === 'vendor-id');
  const named = byName === undefined || !isSaid ? [] : [byName];
  if (prefix !== '') {
    return named;
  }
  // Older stores may have a name of this form; who says an id means the id.
  return [byId, ...(hasIdForm(name) ? [] : named)];
}

function prefixOf({ kind }: LoginHandle): string {
  return kind === 'subject_id' ? 'id' : kind.replace('_', '-');
}
