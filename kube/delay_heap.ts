/**
 * Keys that become due at some time, the earliest first.
 *
 * @module
 */

interface Entry {
  readonly key: string;
  readonly dueMs: number;
}

/** A binary heap of keys, each with the earliest time that was asked for it. */
export class DelayHeap {
  readonly #heap: Entry[] = [];
  /** The truth; entries of the heap that differ from it were superseded and are skipped. */
  readonly #dueMs = new Map<string, number>();

  /** How many keys wait. */
  get size(): number {
    return this.#dueMs.size;
  }

  /** When the next key is due, in epoch milliseconds; `undefined` if none waits. */
  get nextDueMs(): number | undefined {
    return this.#peek()?.dueMs;
  }

  /** Makes `key` due at `dueMs`, unless it is due earlier already. */
  push(key: string, dueMs: number): void {
    const known = this.#dueMs.get(key);
    if (known !== undefined && known <= dueMs) return;
    this.#dueMs.set(key, dueMs);
    this.#heap.push({ key, dueMs });
    this.#siftUp(this.#heap.length - 1);
  }

  /** Removes and returns the next key that is due at `nowMs`; `undefined` if none is. */
  popDue(nowMs: number): string | undefined {
    const first = this.#peek();
    if (first === undefined || first.dueMs > nowMs) return undefined;
    this.#removeFirst();
    this.#dueMs.delete(first.key);
    return first.key;
  }

  #peek(): Entry | undefined {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#dueMs.get(first.key) === first.dueMs) return first;
      this.#removeFirst();
    }
    return undefined;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#siftDown(0);
  }

  #siftUp(index: number): void {
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#due(parent) <= this.#due(index)) return;
      this.#swap(parent, index);
      index = parent;
    }
  }

  #siftDown(index: number): void {
    while (true) {
      const left = 2 * index + 1;
      const child = this.#due(left + 1) < this.#due(left) ? left + 1 : left;
      if (this.#due(index) <= this.#due(child)) return;
      this.#swap(index, child);
      index = child;
    }
  }

  #due(index: number): number {
    return this.#heap[index]?.dueMs ?? Infinity;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
