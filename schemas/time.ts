/**
 * Times in a status.
 *
 * @module
 */

import { z } from "zod";

/**
 * An RFC 3339 time with seconds. That a month has 31 days at most is all that it knows of calendars:
 * `Date` reads 30 February as 2 March.
 */
export const timePattern: RegExp =
  /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$/;

/** A time as every Kubernetes client writes it. */
export const timeSchema: z.ZodString = z.string().max(35).regex(timePattern);
