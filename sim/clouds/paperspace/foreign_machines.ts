/**
 * Machines that are somebody else's of the same team.
 *
 * @module
 */

import type { Account } from "./account.ts";
import { checkOrder } from "./check_order.ts";

/** Rents machines with names that are not ours, whatever the stock and the team's limit. */
export function addForeignMachines(account: Account, count: number): void {
  for (let number = 1; number <= count; number++) {
    const order = checkOrder({
      name: `somebody-elses-${number}`,
      machineType: "C4",
      templateId: "t0nspur5",
      diskSize: 50,
      region: "ny2",
      publicIpType: "none",
    }, {
      type: (label) => account.market.type(label),
      template: (id) => account.template(id),
    });
    account.market.move("C4", "ny2", 1);
    account.actions.create(order, undefined);
  }
  account.settle();
  account.power.wake();
}
