/**
 * Two accounts at Lambda, each a cloud of its own behind one address.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { LambdaCloud } from "../../sim/clouds/lambda/lambda_cloud.ts";
import { createLambdaCloud, type LambdaCloudOptions } from "../../sim/clouds/lambda/mod.ts";
import { cut } from "../../sim/handler.ts";
import type { SimulatedWorld } from "../support/simulated_world.ts";
import { createSceneWith } from "./scenario.ts";

/** The API keys of the accounts. */
export const keys = { first: "secret_first_key", second: "secret_second_key" };

/** See the module; requests are told apart by their keys. */
export class TwoAccounts implements AsyncDisposable {
  readonly world: SimulatedWorld;
  readonly first: LambdaCloud;
  readonly second: LambdaCloud;
  /** Answers requests of an account in the vendor's place. */
  hangs: ((account: keyof typeof keys, request: Request) => boolean) | undefined;

  private constructor(world: SimulatedWorld, second: LambdaCloud) {
    this.world = world;
    this.first = world.cloud;
    this.second = second;
    world.onCloudRequest = (request, serve) => {
      const key = request.headers.get("authorization") ?? "";
      const account = key === `Bearer ${keys.second}` ? "second" : "first";
      if (this.hangs?.(account, request)) return untilAborted(request.signal);
      return (account === "second" ? second.handler : serve)(request, { peer: {} });
    };
  }

  static async create(
    seed: number,
    stock: readonly [LambdaCloudOptions["stock"], LambdaCloudOptions["stock"]],
  ): Promise<TwoAccounts> {
    let second: LambdaCloud | undefined;
    const entryOf = (name: keyof typeof keys, priority: number) => ({
      entry: { name, provider: "lambda", priority, lambda: { sshKeyName: "tgp" } },
      apiKey: keys[name],
    });
    const world = await createSceneWith({
      seed,
      cloud: { apiKeys: [keys.first], stock: stock[0] },
      moreClouds: (deps) => {
        second = createLambdaCloud({ ...deps, apiKeys: [keys.second], stock: stock[1] });
        return [second];
      },
    }, [entryOf("first", 0), entryOf("second", 1)]);
    assert.ok(second);
    return new TwoAccounts(world, second);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]();
  }
}

/** An answer that never comes. */
export function untilAborted(signal: AbortSignal): Promise<typeof cut> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(cut);
    signal.addEventListener("abort", () => resolve(cut), { once: true });
  });
}
