/**
 * Equality of decoded JSON.
 *
 * @module
 */

/**
 * How deep values are compared. Ours are a dozen levels deep; whatever is deeper counts as different,
 * so that no body can exhaust the stack.
 */
const maxDepth = 64;

/** Whether two decoded JSON values are equal; the order of members does not count. */
export function isSameJson(left: unknown, right: unknown, depth: number = maxDepth): boolean {
  if (left === right) return true;
  if (depth === 0 || !isCompound(left) || !isCompound(right)) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    return Array.isArray(left) && Array.isArray(right) && left.length === right.length &&
      left.every((item, index) => isSameJson(item, right[index], depth - 1));
  }
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSameJson(left[key], right[key], depth - 1));
}

function isCompound(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
