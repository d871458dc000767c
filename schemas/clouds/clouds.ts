/**
 * How entries of a GPUNodeClass name their cloud.
 *
 * @module
 */

/** One cloud as entries name it. */
export interface CloudNames {
  /** The canonical name, which the cloud's own block in an entry has, too. */
  readonly name: string;
  /** Other spellings that are read. */
  readonly aliases: readonly string[];
  /** Whether nothing can be ordered without the block, and what for. */
  readonly blockNeededFor?: string;
}

/** Every cloud, in alphabetical order. */
export const cloudNames: readonly CloudNames[] = Object.freeze([
  {
    name: "lambda",
    aliases: ["lambdalabs", "lambda-labs"],
    blockNeededFor: "Lambda takes no order without the name of an SSH key: set lambda.sshKeyName",
  },
  { name: "paperspace", aliases: [] },
  { name: "runpod", aliases: [] },
]);
