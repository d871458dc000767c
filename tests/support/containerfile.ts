/**
 * Reads the Containerfile, as far as it goes: one instruction per line, `\` continues it.
 *
 * @module
 */

/** `FROM`, `RUN`, … and what follows. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** From one `FROM` to the next. */
export interface Stage {
  readonly image: string;
  readonly alias: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** The stages, in order. @throws {SyntaxError} For lines that are no instruction. */
export function parseContainerfile(text: string): readonly Stage[] {
  const stages: { image: string; alias: string | undefined; instructions: Instruction[] }[] = [];
  for (const { name, text: rest } of readInstructions(text)) {
    if (name !== "FROM") {
      stages.at(-1)?.instructions.push({ name, text: rest });
      continue;
    }
    const [image = "", as, alias] = rest.split(/\s+/);
    if (as !== undefined && as.toUpperCase() !== "AS") throw new SyntaxError(`FROM ${rest}`);
    stages.push({ image, alias, instructions: [] });
  }
  return stages;
}

/** What the instructions of one name say. */
export function textsOf(stage: Stage | undefined, name: string): readonly string[] {
  return (stage?.instructions ?? []).filter((one) => one.name === name).map(({ text }) => text);
}

/** Files and folders that a stage takes from the build's context. */
export function readContextCopies(stage: Stage | undefined): readonly string[] {
  return textsOf(stage, "COPY").filter((text) => !text.startsWith("--from="))
    .flatMap((text) => text.split(/\s+/).slice(0, -1));
}

/** The program that the image runs, and its arguments. */
export function readEntrypoint(stage: Stage | undefined): readonly string[] {
  const [entrypoint = "[]"] = textsOf(stage, "ENTRYPOINT");
  return JSON.parse(entrypoint);
}

function readInstructions(text: string): readonly Instruction[] {
  const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line)).join("\n")
    .replaceAll(/\s*\\\n\s*/g, " ").split("\n");
  return lines.map((line) => {
    const match = /^([A-Z]+)\s+(.+)$/.exec(line.trim());
    if (!match?.[1] || !match[2]) throw new SyntaxError(`No instruction: ${line}`);
    return { name: match[1], text: match[2] };
  });
}
