/**
 * Where Lambda's regions are.
 *
 * Codes look like those of other clouds and mean other places: `us-west-2` is Arizona here. Read from
 * the vendor's API descriptions, 2026-11-23. New codes appear; they work, without a country.
 *
 * @module
 */

/** Country (ISO 3166-1 alpha-2, lower case) by region code. */
export const lambdaRegionCountries: Readonly<Record<string, string>> = Object.freeze({
  "asia-northeast-1": "jp",
  "asia-northeast-2": "jp",
  "asia-south-1": "in",
  "australia-east-1": "au",
  "australia-southeast-1": "au",
  "europe-central-1": "de",
  "europe-south-1": "it",
  "me-west-1": "il",
  "us-east-1": "us",
  "us-east-2": "us",
  "us-east-3": "us",
  "us-midwest-1": "us",
  "us-midwest-2": "us",
  "us-south-1": "us",
  "us-south-2": "us",
  "us-south-3": "us",
  "us-southeast-1": "us",
  "us-west-1": "us",
  "us-west-2": "us",
  "us-west-3": "us",
});
