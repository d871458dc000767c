/**
 * Startup scripts: stored with their text, shown without it.
 *
 * @module
 */

import { Refusal } from "./errors.ts";
import type { Identities } from "./identity.ts";

/** A script. */
export interface StartupScript {
  readonly id: string;
  name: string;
  text: string;
  isRunOnce: boolean;
  isEnabled: boolean;
  readonly createdAt: number;
  deletedAt: number | undefined;
}

/** What a script is made of. */
export interface ScriptOrder {
  readonly name: string;
  readonly script: string;
  readonly isRunOnce: boolean;
}

/** What may be changed of a script. */
export interface ScriptChange {
  readonly name?: string | undefined;
  readonly script?: string | undefined;
  readonly isRunOnce?: boolean | undefined;
  readonly isEnabled?: boolean | undefined;
}

/** The scripts of a team. */
export class StartupScripts {
  readonly #identities: Identities;
  readonly #scripts = new Map<string, StartupScript>();

  constructor(identities: Identities) {
    this.#identities = identities;
  }

  /** Stores a script. @throws {Refusal} If it is larger than `maxBytes`. */
  create(order: ScriptOrder, now: number, maxBytes: number): StartupScript {
    checkSize(order.script, maxBytes);
    const script: StartupScript = {
      id: this.#identities.id("sc", 8),
      name: order.name,
      text: order.script,
      isRunOnce: order.isRunOnce,
      isEnabled: true,
      createdAt: now,
      deletedAt: undefined,
    };
    this.#scripts.set(script.id, script);
    return script;
  }

  /** A script that is there. @throws {Refusal} 404. */
  find(id: string): StartupScript {
    const script = this.#scripts.get(id);
    if (script === undefined || script.deletedAt !== undefined) {
      throw new Refusal("NOT_FOUND", "Startup script not found");
    }
    return script;
  }

  /** Changes what is given. @throws {Refusal} If the text is larger than `maxBytes`. */
  update(id: string, change: ScriptChange, maxBytes: number): StartupScript {
    const script = this.find(id);
    if (change.script !== undefined) checkSize(change.script, maxBytes);
    script.name = change.name ?? script.name;
    script.text = change.script ?? script.text;
    script.isRunOnce = change.isRunOnce ?? script.isRunOnce;
    script.isEnabled = change.isEnabled ?? script.isEnabled;
    return script;
  }

  /** Every script that is there. */
  list(): StartupScript[] {
    return this.all().filter(({ deletedAt }) => deletedAt === undefined);
  }

  /** Every script there ever was. */
  all(): StartupScript[] {
    return [...this.#scripts.values()];
  }
}

function checkSize(text: string, maxBytes: number): void {
  if (new TextEncoder().encode(text).length > maxBytes) {
    throw new Refusal("BAD_REQUEST", `Startup script must be at most ${maxBytes} bytes`);
  }
}
