/**
 * Vendors' words as values of Kubernetes labels.
 *
 * @module
 */

/** A vendor's word as a label value: at most 50 characters, so that a prefix still fits. */
export function toLabelValue(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]+/g, "-").slice(0, 50).replace(
    /^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g,
    "",
  );
}
