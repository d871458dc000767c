/**
 * The controller's version.
 *
 * @module
 */

/** The same as in `deno.json`; a test compares them. */
export const controllerVersion = "0.1.0";
