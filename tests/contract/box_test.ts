/**
 * The contract on the box: in process, in virtual time.
 *
 * @module
 */

import { contract } from "./cases.ts";
import { startBox } from "./box_cluster.ts";

for (const [subject, cases] of Object.entries(contract)) {
  Deno.test(`contract on the box: ${subject}`, async (t) => {
    await using box = await startBox();
    for (const { name, run } of cases) await t.step(name, () => run(box));
  });
}
