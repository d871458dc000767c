/**
 * Plain lines for pipes, a little colour for people.
 *
 * @module
 */

/** How a line is to be read. */
export type Tone = "plain" | "good" | "bad" | "money" | "dim";

const codes: Readonly<Record<Tone, string>> = {
  plain: "",
  good: "\x1b[32m",
  bad: "\x1b[31m",
  money: "\x1b[33m",
  dim: "\x1b[2m",
};

/** Where the demo speaks. */
export interface Output {
  line(text: string, tone?: Tone): void;
}

/** Writes to stdout; colour only on a terminal that wants it. */
export function createOutput(): Output {
  const colour = Deno.stdout.isTerminal() && !Deno.noColor;
  const encoder = new TextEncoder();
  return {
    line(text, tone = "plain") {
      const code = colour ? codes[tone] : "";
      const painted = code === "" ? text : `${code}${text}\x1b[0m`;
      Deno.stdout.writeSync(encoder.encode(`${painted}\n`));
    },
  };
}
