/**
 * `kubectl tgp options`: prints the flags that every command takes.
 *
 * @module
 */

import type { CommandDefinition } from "../command.ts";

/** `options` has no flags of its own. */
export type OptionsFlags = Record<never, never>;

/** See the module. */
export const optionsDefinition: CommandDefinition<OptionsFlags, readonly []> = {
  path: ["options"],
  brief: "List the flags that every command takes",
  description: "They are kubectl's, and may stand anywhere after `tgp`.",
  examples: [{ comment: "All of them", words: "options" }],
  operands: "",
  parameters: { flags: {} },
  load: async () => {
    const { renderOptions } = await import("../render_options.ts");
    return (_flags, _operands, { io }) => {
      io.out(renderOptions());
      return Promise.resolve(0);
    };
  },
};
