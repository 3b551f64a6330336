/** Which message is next. */
import { RefreshRequest, RefreshResponse } from '../../gen/ts/symbolon/v1/token_service.ts';
import { callData } from './frames.ts';
import type { LoadPlan } from './plan.ts';

export interface Messages {
  /** As a DATA frame; undefined when there is none left. */
  next(): Buffer | undefined;
  answered(answer: Buffer): void;
}

export function messagesOf({ messages, order = 'cycle' }: Pick<LoadPlan, 'messages' | 'order'>): Messages {
  const frames = messages.map((message) => callData(Buffer.from(message, 'base64')));
  return { cycle: inTurn, once, refresh: inChains }[order](frames);
}

const ignore = () => undefined;

function inTurn(frames: readonly Buffer[]): Messages {
  let next = 0;
  return { next: () => frames[next++ % frames.length], answered: ignore };
}

function once(frames: readonly Buffer[]): Messages {
  let next = 0;
  return { next: () => frames[next++], answered: ignore };
}

/** The login that was refreshed longest ago is next. One whose refresh failed is not refreshed again. */
function inChains(frames: readonly Buffer[]): Messages {
  const queue = [...frames];
  let next = 0;
  return {
    next: () => {
      if (next === queue.length) {
        return undefined;
      }
      if (next > frames.length) {
        queue.splice(0, next);
        next = 0;
      }
      return queue[next++];
    },
    answered: (answer) => {
      queue.push(callData(refreshAfter(answer)));
    },
  };
}

/** The Refresh that follows the answer of another. */
function refreshAfter(answer: Buffer): Uint8Array {
  const { tokens } = RefreshResponse.decode(answer);
  return RefreshRequest.encode({ refreshToken: tokens?.refreshToken ?? '', expireTime: undefined }).finish();
}
