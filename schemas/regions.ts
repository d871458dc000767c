/**
 * Countries and continents, in the words of our labels.
 *
 * @module
 */

/** Values of the label `tgp.io/continent`. */
export type Continent = "na" | "sa" | "eu" | "as" | "af" | "oc";

/** ISO 3166-1 alpha-2 codes, lower case, of countries where a supported cloud has machines. */
const continentByCountry: Readonly<Record<string, Continent>> = {
  au: "oc",
  ca: "na",
  cz: "eu",
  de: "eu",
  dk: "eu",
  fr: "eu",
  gb: "eu",
  il: "as",
  in: "as",
  is: "eu",
  it: "eu",
  jp: "as",
  nl: "eu",
  no: "eu",
  ro: "eu",
  se: "eu",
  sg: "as",
  us: "na",
};

/** The continent of a country; `undefined` for one without machines we know of. */
export function continentOf(country: string): Continent | undefined {
  return continentByCountry[country];
}
