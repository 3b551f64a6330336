/** What a call is told to have been, whatever became of it. */
import { describe, expect, it } from 'vitest';
import { beginCall, type CallObserver, CallRecord, finishCall } from '../../src/calls/call-record.ts';
import { timedServices } from '../../src/calls/timed-services.ts';
import type { Services } from '../../src/core/services/services.ts';
import { LogTape } from '../http/support.ts';

class TestCall extends CallRecord {
  readonly door = 'grpc';
  readonly route = undefined;
  readonly requestId = 'r-1';
  readonly remoteAddress: string | undefined = '2001:db8::7';

  header(): undefined {
    return undefined;
  }
}

function finished(call: CallRecord): ReturnType<LogTape['lines']['at']> {
  const tape = new LogTape();
  finishCall({ log: tape.log }, call);
  return tape.lines.at(-1);
}

describe('where the time went', () => {
  it('counts what goes on when a call is given up, until then', async () => {
    const call = new TestCall();
    call.phase('queue', 'verify');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const line = finished(call);
    expect(line?.queueMs).toBeGreaterThan(10);
    expect(line?.queueMs).toBeLessThanOrEqual(Number(line?.ms));
    expect(line).not.toHaveProperty('hashMs');
  });

  it('counts nothing that begins after the answer', () => {
    const call = new TestCall();
    call.phase('store', 'issue')();
    call.endTime = performance.now();
    const before = call.spentMs('store');
    call.phase('store', 'rehash')();
    expect(call.spentMs('store')).toBe(before);
  });

  it('tells waiting for a hash from hashing, also where nothing was hashed', async () => {
    const call = new TestCall();
    const passwords = {
      verify: async (_hash: string | null, _password: string, _gone?: unknown, onBegin?: () => void) => {
        onBegin?.();
        return true;
      },
      hash: () => Promise.reject(new Error('nobody waits')),
    };
    const timed = timedServices({ passwords, store: {}, knownClients: {} } as unknown as Services, call);
    await timed.passwords.verify(null, 'x' as never);
    expect(call.phases.map(({ name, endTime }) => [name, endTime !== undefined])).toEqual([
      ['queue', true],
      ['hash', true],
    ]);
    await expect(timed.passwords.hash('x' as never)).rejects.toThrow('nobody waits');
    expect(call.phases.at(-1)).toMatchObject({ name: 'queue', endTime: expect.any(Number) });
  });

  it('leaves a store all that it can, and gives it nothing that it can’t', async () => {
    class Able {
      readonly #nodes = 2;
      countOtherNodes = async () => this.#nodes;
      figures() {
        return { schema: this.#nodes };
      }
    }
    const timedOf = (store: object) =>
      timedServices({ passwords: {}, store, knownClients: {} } as unknown as Services, new TestCall()).store;
    const able = timedOf(new Able());
    expect(await able.countOtherNodes?.()).toBe(2);
    expect(able.figures?.()).toEqual({ schema: 2 });
    expect(timedOf({}).figures).toBeUndefined();
  });
});

describe('a record', () => {
  it('is shown to every observer before its line is written', () => {
    const tape = new LogTape();
    const seen: string[] = [];
    const observer: CallObserver = {
      begin: (call) => {
        seen.push(`begin ${call.method}`);
        call.trace = { traceId: 't-1', spanId: 's-1', isSampled: true };
      },
      finish: (call) => seen.push(`finish ${call.code} ${tape.lines.length}`),
    };
    const call = new TestCall();
    const audience = { log: tape.log, observers: [observer, { finish: observer.finish }] };
    beginCall(audience, call, 'Issue', 'info');
    call.code = 'overloaded';
    finishCall(audience, call);
    expect(seen).toEqual(['begin Issue', 'finish overloaded 0', 'finish overloaded 0']);
    expect(tape.lines).toMatchObject([{ method: 'Issue', traceId: 't-1', address: '2001:db8:0:0::/64' }]);
  });

  it('of a stranger is left out of a flood, but not a login that was stolen', () => {
    const tape = new LogTape();
    for (let sent = 0; sent < 200; sent++) {
      const call = new TestCall();
      call.code = 'invalid_refresh_token';
      call.note({ event: 'refresh', credential: 'refresh_token', ...(sent === 199 ? { isReuse: true } : {}) });
      finishCall({ log: tape.log }, call);
    }
    expect(tape.lines.filter(({ msg }) => msg === 'call').length).toBeLessThan(199);
    expect(tape.lines.at(-1)).toMatchObject({ reuse: true });
  });

  it('has no hash of a name that turned out to be somebody’s', () => {
    const call = new TestCall();
    call.note({ unknown: 'abc' });
    call.note({ subject: 'user-1' });
    expect(finished(call)).not.toHaveProperty('unknown');
  });

  it('breaks no line, whatever is in it', () => {
    const call = new TestCall();
    call.note({ subject: 'a\n{"msg":"forged"}\r\u2028\u0000\ud800' });
    const tape = new LogTape();
    finishCall({ log: tape.log }, call);
    expect(tape.text.trimEnd().split(/[\n\r]/)).toHaveLength(1);
    expect(tape.lines[0]?.msg).toBe('call');
  });
});
