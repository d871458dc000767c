/**
 * The string formats that custom resources are checked for.
 *
 * @module
 */

const patterns: Readonly<Record<string, RegExp>> = {
  // Go's time.ParseDuration, plus days as go-openapi has them.
  duration: /^[+-]?(0|((\d+(\.\d*)?|\.\d+)\s*(ns|us|µs|μs|ms|s|m|h|d|w)\s*)+)$/,
  byte: /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  uuid: /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
  ipv4: /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/,
};

/** Whether a text has a format; formats that are not known are not checked. */
export function matchesFormat(format: string, value: string): boolean {
  switch (format) {
    case "uri":
      return URL.canParse(value) || value.startsWith("/");
    case "date":
      return isDate(value);
    case "date-time":
      return isDateTime(value);
    default:
      return patterns[format]?.test(value) ?? true;
  }
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  // `Date` takes 30 February for 2 March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** As lenient as `IsDateTime` of k8s.io/kube-openapi `pkg/validation/strfmt/time.go`. */
function isDateTime(value: string): boolean {
  const [date = "", time = ""] = value.toLowerCase().split("t");
  const [, hour = "", minute = "", second = ""] =
    /^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|[+-][0-9]{2}:[0-9]{2})$/.exec(time) ?? [];
  return isDate(date) && hour !== "" && hour <= "23" && minute <= "59" && second <= "59";
}
