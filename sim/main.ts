/**
 * `deno task sim`: runs the simulated clouds until SIGTERM or SIGINT.
 *
 * Prints one line of JSON when it is ready:
 * `{"lambda":{"url":"http://127.0.0.1:41234","apiKey":"…"},…,"time":{"rate":1}}`.
 *
 * @module
 */

import process from "node:process";
import { parseArgs } from "node:util";
import { type Clock, createScaledClock, systemClock } from "../runtime/clock.ts";
import { createSeededRandom, systemRandom } from "../runtime/random.ts";
import { type SimulatedCloudRegistration, simulatedClouds } from "./clouds/registry.ts";
import { serve, type Served } from "./serve.ts";

const help = `Run the simulated clouds on 127.0.0.1.

Usage: deno task sim [options]

${
  simulatedClouds.map(({ name, defaultKey }) =>
    `  ${`--${name}-port N`.padEnd(20)}  Port; 0 takes a free one (default 0)
  ${`--${name}-key KEY`.padEnd(20)}  API key that works (default ${defaultKey})`
  ).join("\n")
}
  --time-rate R         Simulated time runs R times faster, 1 to 60 (default 1)
  --time-meet TIME      RFC 3339 moment at which simulated and real time meet; needed with
                        --time-rate, and the same for every process. Choose it hours ahead
  --seed N              Makes ids repeatable
  -h, --help            Show this text

Each cloud has switches under /_control/ of its port; see sim/clouds/<cloud>/control.ts.
`;

/** Thrown for wrong usage. */
class UsageError extends Error {}

/** One cloud to serve. */
interface CloudOptions {
  readonly registration: SimulatedCloudRegistration;
  readonly port: number;
  readonly apiKey: string;
}

interface SimOptions {
  readonly clouds: readonly CloudOptions[];
  readonly rate: number;
  readonly meetMs: number | undefined;
  readonly seed: number | undefined;
}

/** Reads the command line. @returns `undefined` if help was asked for. @throws {UsageError} */
function parseOptions(args: readonly string[]): SimOptions | undefined {
  const text = { type: "string" } as const;
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(
          simulatedClouds.flatMap(({ name }) => [[`${name}-port`, text], [`${name}-key`, text]]),
        ),
        "time-rate": text,
        "time-meet": text,
        seed: text,
        help: { type: "boolean", short: "h" },
      },
    }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return undefined;
  const rate = parseNumber("time-rate", values["time-rate"] ?? "1", 1, 60);
  const meet = values["time-meet"];
  const meetMs = meet === undefined ? undefined : Date.parse(meet);
  if (meetMs !== undefined && Number.isNaN(meetMs)) {
    throw new UsageError(
      `--time-meet "${meet}": write an RFC 3339 time such as 2026-01-01T00:00:00Z`,
    );
  }
  if (rate !== 1 && meetMs === undefined) throw new UsageError("--time-rate needs --time-meet");
  return {
    clouds: simulatedClouds.map((registration) => {
      const { name, defaultKey } = registration;
      const given = new Map<string, unknown>(Object.entries(values));
      return {
        registration,
        port: parseNumber(`${name}-port`, String(given.get(`${name}-port`) ?? "0"), 0, 65535),
        apiKey: String(given.get(`${name}-key`) ?? defaultKey),
      };
    }),
    rate,
    meetMs,
    seed: values.seed === undefined ? undefined : parseNumber("seed", values.seed, 0, 2 ** 31),
  };
}

function parseNumber(flag: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (text.trim() === "" || !(number >= min && number <= max)) {
    throw new UsageError(`--${flag} "${text}": write a number from ${min} to ${max}`);
  }
  return number;
}

/** Runs until a signal comes. @returns The exit code. */
async function main(args: readonly string[]): Promise<number> {
  let options: SimOptions | undefined;
  try {
    options = parseOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${help}`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(help);
    return 0;
  }
  const { rate, meetMs, seed } = options;
  const clock: Clock = meetMs === undefined ? systemClock : createScaledClock({ rate, meetMs });
  const random = seed === undefined ? systemRandom : createSeededRandom(seed);
  const stop = new AbortController();
  const running: Promise<void>[] = [];
  const served: Served[] = [];
  const ready: Record<string, unknown> = {};
  for (const { registration, port, apiKey } of options.clouds) {
    const cloud = registration.create({ clock, random, apiKeys: [apiKey] });
    try {
      const line = await serve(cloud.handler, port);
      served.push(line);
      ready[registration.name] = { url: line.url, apiKey };
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      await Promise.all(served.map((line) => line.close()));
      return 1;
    }
    running.push(cloud.run(stop.signal));
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  const meet = meetMs === undefined ? undefined : new Date(meetMs).toISOString();
  process.stdout.write(`${JSON.stringify({ ...ready, time: { rate, meet } })}\n`);
  await Promise.all(running);
  await Promise.all(served.map((line) => line.close()));
  return 0;
}

if (import.meta.main) process.exitCode = await main(Deno.args);
