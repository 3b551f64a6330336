/** The app's parameters (section 4.1 of the wire reference): the policy of a tenant in Kii's names and units. */
import type { TenantPolicy } from '../../core/model.ts';
import { getTenant, updateTenant } from '../../core/operations/directory/tenants.ts';
import { requirePermission } from '../../core/permissions.ts';
import type { Answer } from '../answer.ts';
import { answer, jsonBody, noContent, type ResourceRequest, textBody } from './resource.ts';
import { invalidInput } from './resource-errors.ts';

type Unit = 'switch' | 'count' | 'seconds';

const PARAMETERS: ReadonlyMap<string, { readonly key: keyof TenantPolicy; readonly unit: Unit }> = new Map([
  ['refreshTokenEnabled', { key: 'refreshEnabled', unit: 'switch' }],
  ['defaultTokenExpirationSeconds', { key: 'defaultTokenLifetimeMs', unit: 'seconds' }],
  ['maxTokenExpirationSeconds', { key: 'longestTokenLifetimeMs', unit: 'seconds' }],
  ['maxLoginAttempts', { key: 'loginAttempts', unit: 'count' }],
  ['loginLockPeriodSeconds', { key: 'loginLockPeriodMs', unit: 'seconds' }],
  ['loginAttemptsTimeoutSeconds', { key: 'loginWindowMs', unit: 'seconds' }],
  ['emailAddressVerificationRequired', { key: 'emailVerificationRequired', unit: 'switch' }],
  ['phoneNumberVerificationRequired', { key: 'phoneVerificationRequired', unit: 'switch' }],
  ['exposeFullUserDataToOthers', { key: 'exposeFullUsers', unit: 'switch' }],
  ['passwordResetTimeoutSeconds', { key: 'resetCodeLifetimeMs', unit: 'seconds' }],
]);

const SECOND_MS = 1_000;

export async function readParameters({ services, call }: ResourceRequest): Promise<Answer> {
  const { policy } = await getTenant(services, call, undefined);
  const entries = [...PARAMETERS].map(([name, { key, unit }]) => {
    const value = policy[key];
    return [name, unit === 'seconds' ? Math.floor(Number(value) / SECOND_MS) : value];
  });
  return answer(200, undefined, Object.fromEntries(entries));
}

/** All of them in one change, or none. */
export async function changeParameters(request: ResourceRequest): Promise<Answer> {
  requirePermission(request.call.caller, 'update_tenant');
  const { fields } = jsonBody(request, ['AppConfigParamsModificationRequest']);
  return change(request, fields);
}

/** One of them, as text. */
export async function setParameter(request: ResourceRequest): Promise<Answer> {
  requirePermission(request.call.caller, 'update_tenant');
  const name = request.params.parameter ?? '';
  return change(request, new Map([[name, readValue(textBody(request).trim())]]));
}

function readValue(text: string): unknown {
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : text;
}

async function change({ services, call }: ResourceRequest, values: ReadonlyMap<string, unknown>): Promise<Answer> {
  const policy = Object.fromEntries([...values].map(([name, value]) => policyEntry(name, value)));
  await updateTenant(services, call, { tenantId: undefined, policy: policy as Partial<TenantPolicy> });
  return noContent();
}

function policyEntry(name: string, value: unknown): [keyof TenantPolicy, boolean | number] {
  const parameter = PARAMETERS.get(name);
  if (parameter === undefined) {
    throw invalidInput(name, 'There is no such parameter');
  }
  const { key, unit } = parameter;
  if (unit === 'switch') {
    if (typeof value !== 'boolean') {
      throw invalidInput(name, `${name} must be true or false`);
    }
    return [key, value];
  }
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw invalidInput(name, `${name} must be a whole number`);
  }
  return [key, unit === 'seconds' ? value * SECOND_MS : value];
}
