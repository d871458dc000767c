/**
 * The flags that every command takes, as help shows them.
 *
 * @module
 */

import { globalFlags } from "./global_flags.ts";
import { paragraphs } from "./help_layout.ts";

/** What `kubectl tgp options` prints. */
export function renderOptions(): string {
  const lines = globalFlags.flatMap(({ name, short, kind, brief }) => {
    const value = kind === "switch" ? "=false" : kind === "list" ? "=[]" : "=''";
    return [`    ${short ? `-${short}, ` : ""}--${name}${value}:`, `        ${brief}`];
  });
  return paragraphs(["These flags can be passed to any command.", lines.join("\n")]);
}
