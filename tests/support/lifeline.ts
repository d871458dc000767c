/**
 * A process that can die at any moment, as by SIGKILL: from then on nothing it does gets out and
 * nothing gets in. What the world had already received keeps its effect.
 *
 * @module
 */

/** See the module. */
export class Lifeline {
  readonly #death = new AbortController();

  /** Aborts at death, so that loops of the dead process end and leave nothing behind. */
  get signal(): AbortSignal {
    return this.#death.signal;
  }

  get dead(): boolean {
    return this.#death.signal.aborted;
  }

  /** Dies. */
  kill(): void {
    this.#death.abort(new Error("the process was killed"));
  }

  /** A call out of the process: never starts after death, and never returns into the dead. */
  guard<T>(call: (request: Request) => Promise<T>): (request: Request) => Promise<T> {
    return (request) => {
      if (this.dead) return Promise.reject(this.signal.reason);
      const answer = call(request);
      return new Promise<T>((resolve, reject) => {
        const onDeath = () => reject(this.signal.reason);
        this.signal.addEventListener("abort", onDeath, { once: true });
        answer.then(
          (value) => this.dead ? onDeath() : resolve(value),
          (error) => reject(error),
        ).finally(() => this.signal.removeEventListener("abort", onDeath));
      });
    };
  }
}
