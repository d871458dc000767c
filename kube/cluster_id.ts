/**
 * Six characters that stand for the cluster in machine names.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Kube } from "./kube.ts";
import { namespaces } from "./resource.ts";

/** Derived from the UID of `kube-system`, which lives as long as the cluster. */
export async function readClusterId(kube: Kube, signal?: AbortSignal): Promise<string> {
  const { metadata } = await kube.get(namespaces, { name: "kube-system" }, { signal });
  const digest = createHash("sha256").update(metadata.uid ?? "").digest();
  return digest.readUIntBE(0, 6).toString(36).padStart(6, "0").slice(-6);
}
