/**
 * Kubernetes quantities (`"500m"`, `"225Gi"`, `8`) and maps of them.
 *
 * @module
 */

import { z } from "zod";
import type { ResourceList } from "./kubernetes.ts";
import { recordOf } from "./lists.ts";

declare const brand: unique symbol;

/**
 * An amount of a resource in thousandths of its base unit (cores, bytes, devices), so that both
 * `"500m"` of cpu and terabytes of memory are whole numbers.
 */
export type Quantity = number & { readonly [brand]: "Quantity" };

/** Quantities by resource name. A name that is absent means zero, except in a limit: no limit. */
export type Resources = Readonly<Record<string, Quantity>>;

/** The extended resource that NVIDIA's device plugin advertises. */
export const gpuResource = "nvidia.com/gpu";

const pattern = /^([0-9]+(\.[0-9]+)?|\.[0-9]+)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi|[eE][+-]?[0-9]{1,2})?$/;
/** The same, with a digit other than zero before the suffix. */
const positivePattern =
  /^(0*[1-9][0-9]*(\.[0-9]+)?|[0-9]*\.0*[1-9][0-9]*)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi|[eE][+-]?[0-9]{1,2})?$/;
const milliPerSuffix: Readonly<Record<string, number>> = {
  m: 1,
  "": 1e3,
  k: 1e6,
  M: 1e9,
  G: 1e12,
  T: 1e15,
  P: 1e18,
  Ki: 1e3 * 1024,
  Mi: 1e3 * 1024 ** 2,
  Gi: 1e3 * 1024 ** 3,
  Ti: 1e3 * 1024 ** 4,
  Pi: 1e3 * 1024 ** 5,
};

/**
 * Reads a non-negative Kubernetes quantity; fractions finer than a thousandth round up, as the API
 * server does.
 *
 * @throws {RangeError} If the text is not such a quantity.
 */
export function parseQuantity(text: string | number): Quantity {
  const match = pattern.exec(String(text));
  if (!match) {
    throw new RangeError(
      `Cannot read quantity "${text}": write a Kubernetes quantity such as "8", "500m" or "225Gi"`,
    );
  }
  const [, number = "0", , suffix = ""] = match;
  const factor = /^[eE]/.test(suffix)
    ? 1e3 * 10 ** Number(suffix.slice(1))
    : milliPerSuffix[suffix];
  const milli = Number(number) * (factor ?? 1e3);
  // Binary fractions must not push "1.1" over the next thousandth; whole numbers are exact already.
  const exact = Number.isInteger(milli) ? milli : Math.ceil(Number(milli.toPrecision(15)));
  return exact as Quantity;
}

/** The canonical notation: binary suffixes for whole mebibytes and up, `m` for fractions. */
export function formatQuantity(quantity: Quantity): string {
  if (quantity % 1000 !== 0) return `${quantity}m`;
  for (const suffix of ["Ti", "Gi", "Mi"]) {
    const size = milliPerSuffix[suffix] ?? 1;
    if (quantity >= size && quantity % size === 0) return `${quantity / size}${suffix}`;
  }
  return String(quantity / 1000);
}

/** A whole number of base units: devices, cores, bytes. */
export function wholeQuantity(count: number): Quantity {
  return (count * 1000) as Quantity;
}

/** Gibibytes of memory or disk. */
export function gibibytes(count: number): Quantity {
  return (count * 1000 * 1024 ** 3) as Quantity;
}

/**
 * Reads a Kubernetes resource list.
 *
 * @throws {RangeError} Naming the resource whose quantity cannot be read.
 */
export function parseResources(list: ResourceList | undefined): Resources {
  const resources: Record<string, Quantity> = {};
  for (const [name, text] of Object.entries(list ?? {})) {
    try {
      resources[name] = parseQuantity(text);
    } catch (error) {
      throw new RangeError(`Resource "${name}": ${(error as Error).message}`, { cause: error });
    }
  }
  return resources;
}

/** The Kubernetes resource list of {@linkcode Resources}. */
export function formatResources(resources: Resources): Record<string, string> {
  return Object.fromEntries(
    Object.entries(resources).map(([name, quantity]) => [name, formatQuantity(quantity)]),
  );
}

/** Sums resource by resource. */
export function addResources(left: Resources, right: Resources): Resources {
  const sum: Record<string, Quantity> = { ...left };
  for (const [name, quantity] of Object.entries(right)) {
    sum[name] = ((sum[name] ?? 0) + quantity) as Quantity;
  }
  return sum;
}

/** Whether `requests` fit into `capacity`, where a resource that is absent from `capacity` is zero. */
export function fitsInto(requests: Resources, capacity: Resources): boolean {
  for (const [name, quantity] of Object.entries(requests)) {
    if (quantity > (capacity[name] ?? 0)) return false;
  }
  return true;
}

/** A quantity in a resource: an integer or a string on the wire, {@linkcode Quantity} in code. */
export const quantitySchema: z.ZodCodec<
  z.ZodUnion<readonly [z.ZodInt, z.ZodString]>,
  z.ZodCustom<Quantity, Quantity>
> = z.codec(
  z.union([
    z.int().min(0),
    z.string().max(64).regex(pattern, 'must be a quantity such as "8", "500m" or "225Gi"'),
  ]).meta({ intOrString: true }),
  z.custom<Quantity>((value) => typeof value === "number"),
  { decode: parseQuantity, encode: formatQuantity },
);

/** Like {@linkcode quantitySchema}, but more than zero: a limit of nothing would be a trap. */
export const positiveQuantitySchema: typeof quantitySchema = z.codec(
  z.union([
    z.int().min(1),
    z.string().max(64).regex(
      positivePattern,
      'must be a quantity of more than zero, such as "8", "500m" or "225Gi"',
    ),
  ]).meta({ intOrString: true }),
  z.custom<Quantity>((value) => typeof value === "number"),
  { decode: parseQuantity, encode: formatQuantity },
);

/** A resource list in a resource (the Kubernetes object): at most 32 names. */
export const resourcesSchema: z.ZodRecord<z.ZodString, typeof quantitySchema> = recordOf(
  quantitySchema,
  32,
);

/** Limits by resource name: at most 32, each more than zero. */
export const resourceLimitsSchema: typeof resourcesSchema = recordOf(positiveQuantitySchema, 32);
