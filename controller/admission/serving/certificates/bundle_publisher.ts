/**
 * Reads and writes the bundle that API servers trust.
 *
 * @module
 */

import { isConflict, isNotFound, type Kube } from "../../../../kube/kube.ts";
import type { Certificate } from "./certificate.ts";
import {
  toBundle,
  type WebhookConfiguration,
  webhookConfigurations,
} from "./webhook_configuration.ts";

/** Who owns the field. */
const fieldManager = "tgp-webhook";

/** See the module. */
export class BundlePublisher {
  readonly #kube: Kube;
  readonly #name: string;

  /** @param name The ValidatingWebhookConfiguration's. */
  constructor(kube: Kube, name: string) {
    this.#kube = kube;
    this.#name = name;
  }

  /** Reads from the API server itself; `undefined` when there is no configuration, so that nobody calls. */
  async read(signal: AbortSignal): Promise<WebhookConfiguration | undefined> {
    try {
      return await this.#kube.get(webhookConfigurations, { name: this.#name }, { signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return undefined;
    }
  }

  /**
   * Makes clients trust these authorities, beside those of ours that they trust and that have not
   * expired, if the configuration is still as it was read.
   *
   * @returns Whether there was something to change; if so, read again.
   */
  async publish(
    configuration: WebhookConfiguration,
    { authorities, now }: {
      readonly authorities: readonly Certificate[];
      /** Epoch milliseconds. */
      readonly now: number;
    },
    signal: AbortSignal,
  ): Promise<boolean> {
    const bundle = toBundle(configuration, authorities, now);
    if (!bundle) return false;
    try {
      await this.#kube.apply(webhookConfigurations, bundle, {
        fieldManager,
        force: true,
        signal,
      });
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    return true;
  }
}
