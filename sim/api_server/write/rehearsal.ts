/**
 * A write that is tried out before it is made.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";

/** See the module. */
export interface Rehearsal {
  /** While `trying`, nothing is stored. */
  readonly stage: "trying" | "final";
  /** What would be stored or removed, once it was found valid. */
  readonly writes: {
    readonly next: ApiObject | undefined;
    readonly previous: ApiObject | undefined;
  }[];
  /** What was made up at random, by what it is: the same when the write is made. */
  readonly made: Map<string, string>;
}

/** A call, as far as rehearsals go. */
export interface RehearsedCall {
  readonly rehearsal?: Rehearsal;
}

/** A new one, that makes up nothing that was made up before. */
export function createRehearsal(stage: Rehearsal["stage"], made: Map<string, string>): Rehearsal {
  return { stage, writes: [], made };
}

/** Notes a write that was found valid. */
export function noteWrite(
  { rehearsal }: RehearsedCall,
  next: ApiObject | undefined,
  previous: ApiObject | undefined,
): void {
  rehearsal?.writes.push({ next, previous });
}

/** Something made up for a call, once. */
export function makeOnce({ rehearsal }: RehearsedCall, what: string, make: () => string): string {
  const known = rehearsal?.made.get(what);
  if (known !== undefined) return known;
  const made = make();
  rehearsal?.made.set(what, made);
  return made;
}
