/**
 * The plugin's version.
 *
 * @module
 */

/** The same as in `deno.json`; a test compares them. */
export const pluginVersion = "0.1.0";
