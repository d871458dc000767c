/**
 * Vendors' words as values of Kubernetes labels.
 *
 * @module
 */

/**
 * A vendor's word as a label value.
 *
 * @param maxLength Most characters; Kubernetes takes 63. @default {50}, so that a prefix still fits.
 */
export function toLabelValue(text: string, maxLength = 50): string {
  return text.replace(/[^A-Za-z0-9_.-]+/g, "-").slice(0, maxLength).replace(
    /^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g,
    "",
  );
}
