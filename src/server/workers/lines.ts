/** Lines of a worker's log on their way to the thread that writes: whole ones, and those of one turn of the event loop together. */
export class Lines {
  readonly #send: (lines: string) => void;
  #waiting: string[] = [];

  constructor(send: (lines: string) => void) {
    this.#send = send;
  }

  write(line: string): void {
    if (this.#waiting.push(line) === 1) {
      setImmediate(() => this.flush());
    }
  }

  flush(): void {
    if (this.#waiting.length > 0) {
      this.#send(this.#waiting.join(''));
      this.#waiting = [];
    }
  }
}
