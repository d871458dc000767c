/**
 * Startup scripts.
 *
 * @module
 */

import type { Account } from "./account.ts";
import { Refusal } from "./errors.ts";
import { createScriptInput, machineIdInput, parseInput, updateScriptInput } from "./inputs.ts";
import { filterByName, type Operation } from "./operation.ts";
import { paginate } from "./paging.ts";
import { type Rendered, renderScript } from "./render.ts";
import type { StartupScript } from "./startup_scripts.ts";

/** See the module. */
export const scriptOperations = {
  "startupScripts-create": ({ account, body }) => {
    const order = parseInput(createScriptInput, body);
    const { maxScriptBytes } = account.switches.behaviour;
    return render(account, account.scripts.create(order, account.now, maxScriptBytes));
  },

  "startupScripts-list": (input) => {
    const { account, query } = input;
    const scripts = filterByName(account.scripts.list(), ({ name }) => name, input);
    const page = paginate(scripts, query, {
      dtCreated: ({ createdAt }) => createdAt,
      name: ({ name }) => name,
    }, account.switches.behaviour);
    return { ...page, items: page.items.map((script) => render(account, script)) };
  },

  "startupScripts-get": ({ account, id }) => render(account, account.scripts.find(id)),

  "startupScripts-update": ({ account, id, body }) => {
    const change = parseInput(updateScriptInput, body);
    const { maxScriptBytes } = account.switches.behaviour;
    return render(account, account.scripts.update(id, change, maxScriptBytes));
  },

  "startupScripts-delete": ({ account, id }) => {
    const script = account.scripts.find(id);
    const machines = account.machines.assignedTo(id);
    if (machines.length > 0 && account.switches.behaviour.deleteAssignedScript === "refuse") {
      throw new Refusal("CONFLICT", "This startup script is assigned to machines.");
    }
    for (const machine of machines) account.machines.unassign(machine);
    script.deletedAt = account.now;
    return render(account, script);
  },

  "startupScripts-assign": ({ account, id, body }) => {
    const script = account.scripts.find(id);
    const machine = account.machines.find(parseInput(machineIdInput, body).machineId);
    account.machines.assign(machine, script);
    return render(account, script);
  },

  "startupScripts-unassign": ({ account, id, body }) => {
    const script = account.scripts.find(id);
    const machine = account.machines.find(parseInput(machineIdInput, body).machineId);
    if (account.machines.assignedTo(id).includes(machine)) account.machines.unassign(machine);
    return render(account, script);
  },
} satisfies Readonly<Record<string, Operation>>;

function render(account: Account, script: StartupScript): Rendered {
  return renderScript(script, account.machines.assignedTo(script.id).map(({ id }) => id));
}
