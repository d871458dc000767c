/**
 * Whether a claim could record an offer.
 *
 * @module
 */

import { isWithin } from "../../schemas/text.ts";
import { vendorWordLimits } from "../../schemas/vendor_words.ts";

/** The cloud's words in an offer that a claim records. */
export interface RecordedWords {
  readonly instanceType: string;
  /** `label` is the value of the node's label for the region. */
  readonly location: { readonly region: string | undefined; readonly label: string } | undefined;
  readonly gpu: { readonly model: string } | undefined;
}

/**
 * Why a claim's status could not hold what it must of an offer, if it could not: the order is written down
 * before it is sent, so such an offer cannot be bought.
 */
export function findRecordProblem(
  { instanceType, location, gpu }: RecordedWords,
): string | undefined {
  return findTooLong("machine type", instanceType, vendorWordLimits.instanceType) ??
    findTooLong("region", location?.region, vendorWordLimits.region) ??
    findTooLong("GPU model", gpu?.model, vendorWordLimits.gpuModel) ??
    // What a label takes of a region is empty where it has neither letter nor digit.
    (location && !/[A-Za-z0-9]$/.test(location.label)
      ? "a claim cannot hold the cloud's region, which has neither letter nor digit"
      : undefined);
}

function findTooLong(what: string, word: string | undefined, limit: number): string | undefined {
  if (word === undefined || isWithin(word, limit)) return undefined;
  const { length } = [...word];
  return `a claim cannot hold the cloud's word for the ${what}: it has ${length} characters, more than ${limit}`;
}
