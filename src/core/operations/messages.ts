/** What a tenant's admin reads back of the messages to its users. */
import { requirePermission } from '../permissions.ts';
import type { Services } from '../services/services.ts';
import { MESSAGES, type Message } from '../tables/messages.ts';
import type { Call } from './authenticate.ts';
import { type Listed, listPage, type PageRequest } from './pages.ts';

export async function listMessages(services: Services, call: Call, page: PageRequest): Promise<Listed<Message>> {
  requirePermission(call.caller, 'read_messages');
  const { tenantId } = call.caller;
  return listPage(services, call, { name: ['messages'], list: MESSAGES, by: { tenantId } }, page);
}
