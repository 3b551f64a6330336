/** When each of a node's heartbeats was sent: what tells how new a standby is that has replayed one of them. */

/** About a minute of them. */
const REMEMBERED = 256;

export class SentBeats {
  readonly #times = new Map<number, number>();
  /** The newest; 0: none yet. */
  last = 0;

  remember(beat: number, time: number): void {
    this.last = beat;
    this.#times.set(beat, time);
    this.#times.delete(beat - REMEMBERED);
  }

  /** Of the beat, or of the last one before it that is remembered. */
  timeOf(beat: number): number | undefined {
    for (let each = beat; each > beat - REMEMBERED; each--) {
      const time = this.#times.get(each);
      if (time !== undefined) {
        return time;
      }
    }
    return undefined;
  }
}
