/**
 * The page of wrong ways: what is applied, and what kubectl answers.
 *
 * @module
 */

import assert from "node:assert/strict";

/** Where the page is. */
export const wrongWaysPage = new URL("../fixtures/admission/wrong_ways.md", import.meta.url);

/** One wrong way: its heading, what is applied, and what kubectl answers, once that was written. */
export interface WrongWay {
  readonly heading: string;
  readonly yaml: string;
  readonly answer: string | undefined;
}

/** The ways in the order of the page, and what stands before them. */
export interface WrongWays {
  readonly preface: string;
  readonly ways: readonly WrongWay[];
}

/** Reads the page. */
export async function readWrongWays(): Promise<WrongWays> {
  const page = await Deno.readTextFile(wrongWaysPage);
  const [preface = "", ...sections] = page.split(/^(?=## )/m);
  return {
    preface,
    ways: sections.map((section) => ({
      heading: /^## (.*)/.exec(section)?.[1] ?? assert.fail(section),
      yaml: /```yaml\n(.*?)```/s.exec(section)?.[1] ?? assert.fail(section),
      answer: /```text\n(.*?)\n```/s.exec(section)?.[1],
    })),
  };
}

/** The page as text. */
export function formatWrongWays({ preface, ways }: WrongWays): string {
  const sections = ways.map(({ heading, yaml, answer }) =>
    `## ${heading}\n\n\`\`\`yaml\n${yaml}\`\`\`\n\n\`\`\`text\n${answer}\n\`\`\`\n`
  );
  return preface + sections.join("\n");
}
