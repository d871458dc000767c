/**
 * Carries out a startup script the way bash would that reads it from a pipe: one function, called at
 * the end, of the few commands that put files onto a machine and start a unit.
 *
 * @module
 */

import { gunzipSync } from "node:zlib";
import { FieldError } from "../../kube/fields.ts";
import { type BootedSystem, type BootFile, decodeBase64, isExecutable } from "./boot_files.ts";

/** One line and the here-document that belongs to it. */
interface Command {
  readonly line: string;
  /** Empty without a here-document. */
  readonly input: string;
}

/** Commands whose effects nobody looks at. */
const harmless: ReadonlySet<string> = new Set(["set", "[[", "rm", "grep", "install"]);

/**
 * Carries the script out.
 *
 * @throws {FieldError} Where bash, which is told to stop at the first failure, would have stopped.
 */
export function runStartupScript(text: string): BootedSystem {
  const machine = new ScriptedMachine();
  for (const command of readCommands(findCalledFunction(text))) machine.execute(command);
  return machine;
}

/** The body of the function that the script calls; bash reads a function whole before it runs any of it. */
function findCalledFunction(text: string): readonly string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^\w+\(\) \{$/.test(line));
  const end = lines.indexOf("}", start);
  if (start < 0 || end < 0) throw new FieldError("bash: unexpected end of file");
  const name = lines[start]?.split("(")[0];
  // Without this, a command that reads its input would take the rest of the script for it.
  if (!lines.slice(end).includes(`${name} </dev/null`)) {
    throw new FieldError(`nothing calls ${name} with its input closed`);
  }
  return lines.slice(start + 1, end);
}

function readCommands(lines: readonly string[]): readonly Command[] {
  const commands: Command[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]?.trim() ?? "";
    if (line === "" || line.startsWith("#")) continue;
    const delimiter = /<<'(\w+)'/.exec(line)?.[1];
    if (delimiter === undefined) {
      commands.push({ line, input: "" });
      continue;
    }
    const end = lines.indexOf(delimiter, index + 1);
    if (end < 0) throw new FieldError(`bash: here-document ${delimiter} has no end`);
    commands.push({ line, input: lines.slice(index + 1, end).map((text) => `${text}\n`).join("") });
    index = end;
  }
  return commands;
}

/** The disk and the init system, as far as the script changes them. */
class ScriptedMachine implements BootedSystem {
  readonly files = new Map<string, BootFile>();
  hostname = "localhost";
  startedUnit: string | undefined;

  execute({ line, input }: Command): void {
    const words = line.split(" ");
    const target = /[^>]>(\/\S+)/.exec(line)?.[1];
    switch (words[0]) {
      case "base64":
        return this.#write(target, gunzipSync(decodeBase64(input)).toString());
      case "cat":
        return this.#write(target, input);
      case "chmod":
        return this.#chmod(words[1] ?? "", words[2] ?? "");
      case "hostnamectl":
        this.hostname = /^'([^']*)'$/.exec(words[2] ?? "")?.[1] ?? "";
        return;
      case "systemctl":
        if (words.includes("start")) this.startedUnit = words.at(-1);
        return;
      default:
        if (!harmless.has(words[0] ?? "")) throw new FieldError("bash: command not found");
    }
  }

  #write(path: string | undefined, content: string): void {
    if (path === undefined) throw new FieldError("a file's content goes nowhere");
    this.files.set(path, { content, executable: false });
  }

  #chmod(mode: string, path: string): void {
    const file = this.files.get(path);
    if (file === undefined) throw new FieldError(`chmod: ${path}: no such file`);
    this.files.set(path, { ...file, executable: isExecutable(mode) });
  }
}
