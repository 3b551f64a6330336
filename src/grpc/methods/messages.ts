import { listMessages } from '../../core/operations/messages.ts';
import { toMessageMessage } from '../messages/messages.ts';
import { type Methods, read } from './method.ts';

export const MESSAGE_METHODS: Methods<'listUserMessages'> = {
  listUserMessages: read(async (services, call, request) => {
    const { items, nextPageToken } = await listMessages(services, call, request);
    return { messages: items.map(toMessageMessage), nextPageToken };
  }),
};
