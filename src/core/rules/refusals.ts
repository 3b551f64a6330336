/** Refusals that several commands make. */
import type { Refusal } from '../errors.ts';
import type { Subject } from '../tables/subjects.ts';
import type { Tenant } from '../tables/tenants.ts';

export function notFound(kind: string, id: string): Refusal {
  return { code: 'not_found', message: `There is no ${kind} ${id}`, about: { field: `${kind}_id`, value: id } };
}

export function taken(field: string, value: string): Refusal {
  return {
    code: 'already_exists',
    message: `The ${field.replace('_', ' ')} ${value} is taken`,
    about: { field, value },
  };
}

export function invalid(message: string, field?: string, value = ''): Refusal {
  return { code: 'invalid_argument', message, ...(field === undefined ? {} : { about: { field, value } }) };
}

export function unmet(message: string): Refusal {
  return { code: 'precondition_failed', message };
}

/** The refusal when the tenant has not got a subject of this id; undefined when it has. */
export function refuseAbsent(
  state: { readonly tenant: Tenant | undefined; readonly subject: Subject | undefined },
  { tenantId, subjectId }: { readonly tenantId: string; readonly subjectId: string },
): { readonly refusal: Refusal } | { readonly tenant: Tenant; readonly subject: Subject } {
  const { tenant, subject } = state;
  return tenant === undefined || subject?.tenantId !== tenantId
    ? { refusal: notFound('user or device', subjectId) }
    : { tenant, subject };
}
