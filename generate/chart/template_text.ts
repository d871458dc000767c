/**
 * Objects with gaps, written as Helm templates: YAML first, then what fills the gaps.
 *
 * YAML writers know no templates, so gaps are words while the object is written, and become template
 * text afterwards.
 *
 * @module
 */

import { toYaml } from "../yaml.ts";

/** What stands in a gap. `lines` get the indentation of the item or field that they replace. */
type Filling =
  | { readonly kind: "inline"; readonly text: string }
  | { readonly kind: "lines"; readonly lines: readonly string[] }
  | { readonly kind: "block"; readonly path: string };

/** See the module. One per file: gaps belong to the text that they were made with. */
export class TemplateText {
  readonly #fillings: Filling[] = [];

  /** A gap within a text or in place of one. @param text Written as it is: with its own quotes, if any. */
  inline(text: string): string {
    return this.#gap({ kind: "inline", text });
  }

  /** A gap in the place of a field's whole value, filled with the YAML of the value at `path`. */
  block(path: string): string {
    return this.#gap({ kind: "block", path });
  }

  /** A gap in the place of items of a list. */
  items(lines: readonly string[]): string {
    return this.#gap({ kind: "lines", lines });
  }

  /** A gap in the place of fields; spread it into the object. */
  fields(lines: readonly string[]): Readonly<Record<string, null>> {
    return { [this.#gap({ kind: "lines", lines })]: null };
  }

  /** The object as a template. What looks like a template in its own texts stays text. */
  write(object: unknown): string {
    return toYaml(object).split("\n").map((line) => this.#fillLine(line)).join("\n");
  }

  #gap(filling: Filling): string {
    return `GAP${this.#fillings.push(filling) - 1}PAG`;
  }

  #fillLine(line: string): string {
    const [, indent = "", index] = /^( *)(?:- )?GAP(\d+)PAG(?:: null)?$/.exec(line) ?? [];
    const whole = this.#fillings[Number(index)];
    if (whole?.kind === "lines") return whole.lines.map((one) => indent + one).join("\n");
    const escaped = line.replaceAll(/\{\{|\}\}/g, (braces) => `{{ "${braces}" }}`);
    return escaped.replaceAll(/ ?GAP(\d+)PAG/g, (gap, number: string) => {
      const filling = this.#fillings[Number(number)];
      const space = gap.startsWith(" ") ? " " : "";
      switch (filling?.kind) {
        case "inline":
          return space + filling.text;
        case "block": {
          const depth = line.search(/[^ -]/) + 2;
          return `\n${" ".repeat(depth)}{{- toYaml ${filling.path} | nindent ${depth} }}`;
        }
        default:
          throw new TypeError(`Lines cannot stand within a text: ${line.trim()}`);
      }
    });
  }
}

/** Lines under a condition. @param condition As in `{{ if … }}`. */
export function when(condition: string, lines: readonly string[]): readonly string[] {
  return [`{{- if ${condition} }}`, ...lines, "{{- end }}"];
}

/** The lines of a value, as they stand in a list or an object. */
export function toLines(value: unknown): readonly string[] {
  return toYaml(value).trimEnd().split("\n");
}
