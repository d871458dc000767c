/**
 * Moments as the vendor writes them. All in UTC, whatever the zone of this machine.
 *
 * @module
 */

/** `2026-08-20T06:16:19.436Z`, or as Go prints: `2026-08-20 06:16:19.436 +0000 UTC`. */
export function toCreationText(moment: number, format: "iso" | "go"): string {
  const iso = new Date(moment).toISOString();
  return format === "iso" ? iso : `${iso.slice(0, 10)} ${iso.slice(11, 23)} +0000 UTC`;
}

/** As JavaScript prints: `Mon Nov 23 2026 09:14:05 GMT+0000 (Coordinated Universal Time)`. */
export function toDateText(moment: number): string {
  // Mon, 23 Nov 2026 09:14:05 GMT
  const [weekday = "", day, month, year, time] = new Date(moment).toUTCString().split(" ");
  return `${
    weekday.slice(0, 3)
  } ${month} ${day} ${year} ${time} GMT+0000 (Coordinated Universal Time)`;
}
