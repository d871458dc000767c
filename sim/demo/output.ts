/**
 * Plain lines for pipes; for people colour, and lines that end between words.
 *
 * @module
 */

import { wrapText } from "../../plugin/output/wrap_text.ts";

/** How a line is to be read. */
export type Tone = "plain" | "good" | "bad" | "money" | "dim";

const codes: Readonly<Record<Tone, string>> = {
  plain: "",
  good: "\x1b[32m",
  bad: "\x1b[31m",
  money: "\x1b[33m",
  dim: "\x1b[2m",
};

/** What the demo speaks to. */
export interface Screen {
  write(text: string): void;
  /** Width of the terminal in characters; absent for pipes, whose lines are not broken. */
  readonly columns: number | undefined;
  readonly colour: boolean;
}

/** Where the demo speaks. */
export interface Output {
  /** Width to keep to, if any. */
  readonly columns: number | undefined;
  /**
   * Says something.
   *
   * @param indent Where a line that is too long goes on, in characters from the left.
   */
  line(text: string, tone?: Tone, indent?: number): void;
}

/** Writes to a screen. */
export function createOutput(screen: Screen): Output {
  const { columns } = screen;
  return {
    columns,
    line(text, tone = "plain", indent = 0) {
      const code = screen.colour ? codes[tone] : "";
      for (const part of fold(text, columns, indent)) {
        screen.write(code === "" ? `${part}\n` : `${code}${part}\x1b[0m\n`);
      }
    },
  };
}

/**
 * Stdout as a screen; colour only on a terminal that wants it.
 *
 * @param onClosed Called when nobody reads any more; what is said then is lost.
 */
export function createScreen(onClosed: () => void): Screen {
  const terminal = Deno.stdout.isTerminal();
  const encoder = new TextEncoder();
  return {
    columns: terminal ? Deno.consoleSize().columns : undefined,
    colour: terminal && !Deno.noColor,
    write(text) {
      try {
        Deno.stdout.writeSync(encoder.encode(text));
      } catch (error) {
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
        onClosed();
      }
    },
  };
}

/** Breaks a line between words; what follows the first is indented. */
function fold(text: string, columns: number | undefined, indent: number): readonly string[] {
  if (columns === undefined || text.length <= columns) return [text];
  const [first = ""] = wrapText(text, columns);
  const rest = text.slice(first.length + 1);
  const margin = " ".repeat(indent);
  return [
    first,
    ...rest === "" ? [] : wrapText(rest, columns - indent).map((line) => margin + line),
  ];
}
