import assert from "node:assert/strict";
import { createRecordPublisher, type RecordPublisher } from "../../controller/record_publisher.ts";
import { silentLog } from "../../runtime/log.ts";
import { FakeClock } from "../support/fake_clock.ts";

const second = 1_000;

/** A publisher of texts, and what it did. */
class Press implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly publisher: RecordPublisher<string>;
  readonly done: string[] = [];
  /** What the next calls throw. */
  failures = 0;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(refreshMs?: number) {
    const act = (what: string) => {
      if (this.failures > 0) {
        this.failures--;
        return Promise.reject(new Error("no"));
      }
      this.done.push(what);
      return Promise.resolve();
    };
    this.publisher = createRecordPublisher<string>({ clock: this.clock, log: silentLog }, {
      what: "texts",
      fingerprint: (text) => text,
      save: (text) => act(text),
      remove: (key) => act(`-${key}`),
      refreshMs,
    });
    this.#running = this.publisher.run(this.#stop.signal);
  }

  async publish(text: string): Promise<void> {
    this.publisher.publish("k", text);
    await this.clock.settle();
  }

  async withdraw(): Promise<void> {
    this.publisher.withdraw("k");
    await this.clock.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    assert.equal(this.clock.sleeping, 0);
  }
}

Deno.test("a record is written at once, and again only when it says something new", async () => {
  await using press = new Press();
  await press.publish("a");
  await press.publish("a");
  await press.clock.advance(100_000 * second);
  await press.publish("a");
  assert.deepEqual(press.done, ["a"]);
  await press.publish("b");
  assert.deepEqual(press.done, ["a", "b"]);
});

Deno.test("a record is written every 15 s at most, and the last value is what stays", async () => {
  await using press = new Press();
  await press.publish("a");
  await press.publish("b");
  await press.publish("c");
  await press.clock.advance(14 * second);
  assert.deepEqual(press.done, ["a"]);
  await press.clock.advance(1 * second);
  assert.deepEqual(press.done, ["a", "c"]);
});

Deno.test("a record that says nothing new is written again after a while, where that is wanted", async () => {
  await using press = new Press(60 * second);
  await press.publish("a");
  await press.clock.advance(59 * second);
  await press.publish("a");
  assert.deepEqual(press.done, ["a"]);
  await press.clock.advance(1 * second);
  await press.publish("a");
  assert.deepEqual(press.done, ["a", "a"]);
});

Deno.test("what is stored already is not written", async () => {
  await using press = new Press();
  press.publisher.noteStored("k", "a");
  await press.publish("a");
  assert.deepEqual(press.done, []);
  await press.publish("b");
  assert.deepEqual(press.done, ["b"]);
});

Deno.test("a write that failed is tried again, and what came meanwhile is written instead", async () => {
  await using press = new Press();
  press.failures = 2;
  await press.publish("a");
  await press.clock.advance(15 * second);
  await press.clock.advance(15 * second);
  assert.deepEqual(press.done, ["a"]);
  await press.clock.advance(15 * second);
  press.failures = 1;
  await press.publish("b");
  await press.publish("c");
  assert.deepEqual(press.done, ["a", "c"]);
  await press.clock.advance(60 * second);
  assert.deepEqual(press.done, ["a", "c"]);
});

Deno.test("a record that is withdrawn is removed at once, and what waited is not written", async () => {
  await using press = new Press();
  await press.publish("a");
  await press.publish("b");
  await press.withdraw();
  await press.clock.advance(60 * second);
  assert.deepEqual(press.done, ["a", "-k"]);
  await press.publish("a");
  assert.deepEqual(press.done, ["a", "-k", "a"]);
});

Deno.test("a removal that failed is tried again, unless the record is wanted again", async () => {
  await using press = new Press();
  await press.publish("a");
  press.failures = 1;
  await press.withdraw();
  assert.deepEqual(press.done, ["a"]);
  await press.clock.advance(15 * second);
  assert.deepEqual(press.done, ["a", "-k"]);
  await press.publish("b");
  press.failures = 1;
  await press.withdraw();
  await press.publish("c");
  await press.clock.advance(60 * second);
  assert.deepEqual(press.done, ["a", "-k", "b", "c"]);
});
