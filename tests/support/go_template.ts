/**
 * Renders the part of Go's templates that our chart uses. Anything else is an error, so that what is
 * tested here is what Helm would do.
 *
 * @module
 */

import { dump } from "js-yaml";

/** What `.` is at the top: `Values`, `Release`, `Chart`. */
export type Scope = unknown;

type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly words: readonly string[] };

/** @throws {SyntaxError} For a template that uses more than is known here, or is not closed. */
export function renderTemplate(template: string, top: Scope): string {
  const tokens = tokenize(template);
  const { text, next } = renderUntil(tokens, 0, { dot: top, top, active: true });
  if (next < tokens.length) throw new SyntaxError("an end without a beginning");
  return text;
}

interface Frame {
  readonly dot: unknown;
  readonly top: unknown;
  /** Whether what is rendered is kept: branches not taken are read all the same. */
  readonly active: boolean;
}

interface Rendered {
  readonly text: string;
  /** The token that ended it. */
  readonly next: number;
}

function renderUntil(tokens: readonly Token[], start: number, frame: Frame): Rendered {
  let text = "";
  for (let index = start; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind === "text") {
      if (frame.active) text += token.text;
      continue;
    }
    const [first = "", ...rest] = token?.words ?? [];
    switch (first) {
      case "end":
        return { text, next: index };
      case "if":
      case "with":
      case "range": {
        const value = frame.active ? evaluate(rest, frame) : undefined;
        let next = index;
        for (const dot of frame.active && isTruthy(value) ? dotsOf(first, value, frame) : []) {
          const body = renderUntil(tokens, index + 1, { ...frame, dot });
          text += body.text;
          next = body.next;
        }
        index = next > index
          ? next
          : renderUntil(tokens, index + 1, { ...frame, active: false }).next;
        if (index >= tokens.length) throw new SyntaxError(`"${first}" is not closed`);
        break;
      }
      default:
        if (frame.active) text += toText(evaluate(token?.words ?? [], frame));
    }
  }
  return { text, next: tokens.length };
}

function dotsOf(kind: "if" | "with" | "range", value: unknown, { dot }: Frame): readonly unknown[] {
  switch (kind) {
    case "if":
      return [dot];
    case "with":
      return [value];
    case "range":
      return value as readonly unknown[];
  }
}

/** A pipeline: each stage's value is the last argument of the next. */
function evaluate(words: readonly string[], frame: Frame): unknown {
  const stages: string[][] = [[]];
  for (const word of words) {
    if (word === "|") stages.push([]);
    else stages.at(-1)?.push(word);
  }
  const [head = [], ...others] = stages;
  return others.reduce<unknown>(
    (value, [name = "", ...args]) => call(name, [...args.map((arg) => read(arg, frame)), value]),
    /^[a-z]/i.test(head[0] ?? "")
      ? call(head[0] ?? "", head.slice(1).map((arg) => read(arg, frame)))
      : read(head.join(" "), frame),
  );
}

function call(name: string, args: readonly unknown[]): unknown {
  switch (name) {
    case "and":
      return args.find((arg) => !isTruthy(arg)) ?? args.at(-1);
    case "default":
      return isTruthy(args[1]) ? args[1] : args[0];
    case "join":
      return (args[1] as readonly string[]).join(String(args[0]));
    case "toYaml":
      return dump(args[0]).trimEnd();
    case "nindent":
      return String(args[1]).split("\n").map((line) => `\n${" ".repeat(Number(args[0]))}${line}`)
        .join("");
    default:
      throw new SyntaxError(`no function "${name}" is known`);
  }
}

function read(word: string, { dot, top }: Frame): unknown {
  if (/^".*"$/.test(word)) return JSON.parse(word);
  if (/^\d+$/.test(word)) return Number(word);
  if (!/^\$?\.[\w.]*$/.test(word)) throw new SyntaxError(`no value: ${word}`);
  const path = word.replace(/^\$?\./, "").split(".").filter((part) => part !== "");
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== "object" || value === null || !(part in value)) {
      throw new SyntaxError(`${word}: there is no "${part}"`);
    }
    return (value as Record<string, unknown>)[part];
  }, word.startsWith("$") ? top : dot);
}

function isTruthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function toText(value: unknown): string {
  return String(value);
}

/** `{{-` and `-}}` take the white space beside them. */
function tokenize(template: string): readonly Token[] {
  const trimmed = template.replaceAll(/\s*\{\{- /g, "{{ ").replaceAll(/ -\}\}\s*/g, " }}");
  return trimmed.split(/(\{\{ (?:"[^"]*"|[^"{}])*? \}\})/).map((part): Token => {
    const [, action] = /^\{\{ (.*) \}\}$/s.exec(part) ?? [];
    return action === undefined
      ? { kind: "text", text: part }
      : { kind: "action", words: action.match(/"[^"]*"|\S+/g) ?? [] };
  });
}
