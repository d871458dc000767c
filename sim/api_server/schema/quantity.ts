/**
 * Quantities in the form in which the server stores them.
 *
 * Follows `Quantity.CanonicalizeBytes` of k8s.io/apimachinery `pkg/api/resource/quantity.go`, v0.36.0;
 * what is finer than a thousandth is rounded up, as in every resource list.
 *
 * @module
 */

const pattern = /^([+-]?)(\d+\.?\d*|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\d+)?$/;

const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimalSuffixes = ["m", "", "k", "M", "G", "T", "P", "E"];

/** A quantity, taken apart. */
interface Parsed {
  /** In thousandths. */
  readonly milli: bigint;
  readonly form: "binary" | "decimal" | "exponent";
}

function parse(text: string): Parsed {
  const [, sign, number = "", suffix = ""] = pattern.exec(text) ?? [];
  if (sign === undefined) {
    throw new RangeError(
      "quantities must match the regular expression" +
        " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  const [whole = "", fraction = ""] = number.split(".");
  const digits = BigInt(whole + fraction);
  const binary = binarySuffixes.indexOf(suffix);
  if (binary > 0) {
    const scaled = digits * 1000n * 1024n ** BigInt(binary);
    return { milli: signed(sign, scaleDown(scaled, fraction.length)), form: "binary" };
  }
  const exponent = /^[eE]/.test(suffix);
  const power = exponent ? Number(suffix.slice(1)) : decimalPower(suffix);
  const places = fraction.length - power - 3;
  const milli = places > 0 ? scaleDown(digits, places) : digits * 10n ** BigInt(-places);
  return { milli: signed(sign, milli), form: exponent ? "exponent" : "decimal" };
}

function decimalPower(suffix: string): number {
  if (suffix === "n") return -9;
  if (suffix === "u") return -6;
  return (decimalSuffixes.indexOf(suffix) - 1) * 3;
}

/** Divides by a power of ten, rounding up. */
function scaleDown(value: bigint, places: number): bigint {
  const divisor = 10n ** BigInt(places);
  return (value + divisor - 1n) / divisor;
}

function signed(sign: string, value: bigint): bigint {
  return sign === "-" ? -value : value;
}

/** A quantity in thousandths of its unit. @throws {RangeError} If the text is none. */
export function toMilli(text: string | number): bigint {
  return parse(String(text)).milli;
}

/** The canonical text of a quantity. @throws {RangeError} If it is none. */
export function canonicalQuantity(quantity: string | number): string {
  const { milli, form } = parse(String(quantity));
  if (milli === 0n) return "0";
  if (form === "binary" && milli % 1000n === 0n && (milli >= 1_024_000n || milli <= -1_024_000n)) {
    const [mantissa, factors] = divideOut(milli / 1000n, 1024n);
    return `${mantissa}${binarySuffixes[factors] ?? ""}`;
  }
  const [mantissa, factors] = divideOut(milli, 1000n);
  if (form !== "exponent") return `${mantissa}${decimalSuffixes[factors] ?? ""}`;
  const power = (factors - 1) * 3;
  return power === 0 ? String(mantissa) : `${mantissa}e${power}`;
}

/** A number without its factors of `base`, and how many there were; suffixes end at seven. */
function divideOut(value: bigint, base: bigint): readonly [bigint, number] {
  let mantissa = value;
  let factors = 0;
  const most = base === 1024n ? binarySuffixes.length - 1 : decimalSuffixes.length - 1;
  while (factors < most && mantissa % base === 0n) {
    mantissa /= base;
    factors++;
  }
  return [mantissa, factors];
}
