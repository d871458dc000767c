/**
 * Who makes a request.
 *
 * @module
 */

/** An authenticated (or anonymous) caller. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** The group whose members may do everything. */
export const mastersGroup = "system:masters";

/** Somebody without credentials. */
export const anonymousUser: User = {
  name: "system:anonymous",
  groups: ["system:unauthenticated"],
};
