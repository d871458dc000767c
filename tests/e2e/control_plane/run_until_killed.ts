/**
 * Starts a control plane, prints its folder and never stops it: a test run to be killed.
 *
 * @module
 */

import { startControlPlane } from "./control_plane.ts";

const plane = await startControlPlane({ components: [] });
await Deno.stdout.write(new TextEncoder().encode(`${plane.dir}\n`));
await new Promise((resolve) => setTimeout(resolve, 600_000));
