/**
 * Sentences over several lines.
 *
 * @module
 */

/**
 * Breaks a sentence between words; a word that is too long for any line stays whole.
 *
 * @param width Most characters of a line; not broken when absent.
 */
export function wrapText(text: string, width: number | undefined): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= (width ?? Infinity)) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
