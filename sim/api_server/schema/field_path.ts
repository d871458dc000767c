/**
 * Field paths as error messages write them: `spec.providers[0].name`, `metadata.labels[a/b]`.
 *
 * @module
 */

/** The path of a member. */
export function memberPath(parent: string, member: string): string {
  return parent === "" ? member : `${parent}.${member}`;
}

/** The path of an entry of a map with arbitrary keys. */
export function keyPath(parent: string, key: string): string {
  return `${parent}[${key}]`;
}

/** The path of an item of a list. */
export function indexPath(parent: string, index: number): string {
  return `${parent}[${index}]`;
}
