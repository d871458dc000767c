/**
 * Checks of API keys before they are put into a header.
 *
 * @module
 */

/**
 * What is wrong with a key, without quoting any of it; `undefined` if it can be sent. A line break is
 * the usual fault: `kubectl create secret --from-file` keeps the one at the end of the file.
 */
export function checkApiKey(key: string): string | undefined {
  if (key.length === 0) return "the API key is empty";
  const match = /[^\x21-\x7e]/.exec(key);
  if (match === null) return undefined;
  const place = `at character ${match.index + 1} of ${key.length}`;
  if (/[\r\n]/.test(match[0])) {
    return `the API key has a line break ${place}; store it without one, for example with --from-literal`;
  }
  if (/\s/.test(match[0])) return `the API key has a space ${place}; store it without one`;
  return `the API key has a character ${place} that is not printable ASCII; copy it again`;
}
