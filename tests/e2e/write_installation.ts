/**
 * What an operator applies for a controller that is a process here, no Pod.
 *
 * @module
 */

import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const manifests = new URL("../../manifests/", import.meta.url);

/**
 * Writes an overlay of our manifests into a new folder.
 *
 * @param webhookUrl Where API servers find the webhook; absent: there is none.
 */
export async function writeInstallation(folder: string, webhookUrl?: string): Promise<void> {
  const at = (part: string) => relative(folder, fileURLToPath(new URL(part, manifests)));
  const setUrl = [{ op: "replace", path: "/webhooks/0/clientConfig/url", value: webhookUrl }];
  await Deno.mkdir(folder);
  await Deno.writeTextFile(
    `${folder}/kustomization.yaml`,
    JSON.stringify({
      resources: [at("overlays/controller-outside")],
      ...(webhookUrl === undefined ? {} : {
        components: [at("components/webhook-by-url")],
        patches: [{
          target: { kind: "ValidatingWebhookConfiguration" },
          patch: JSON.stringify(setUrl),
        }],
      }),
    }),
  );
}
