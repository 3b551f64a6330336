import { setImmediate } from 'node:timers/promises';
import { Turns as TurnsOf } from '../../core/services/turns.ts';

/** Of long reads: one page of a list, or one batch, in each turn of the event loop. */
export class Turns extends TurnsOf {
  constructor() {
    super(() => setImmediate());
  }
}
