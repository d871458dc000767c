/**
 * Go's controller-runtime answering the same review: built from `go_webhook/` and started beside ours.
 *
 * @module
 */

import type { KeyedCertificate } from "../../controller/admission/serving/certificates/certificate.ts";
import { systemClock } from "../../runtime/clock.ts";

const source = new URL("go_webhook/", import.meta.url);

/** A server that is measured. */
export interface MeasuredServer extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
}

/** Builds the peer. @returns `undefined` where there is no Go. @throws {Error} If it does not build. */
export async function buildPeer(output: string): Promise<string | undefined> {
  try {
    const { success } = await new Deno.Command("go", {
      args: ["build", "-trimpath", "-ldflags", "-s -w", "-o", output, "."],
      cwd: source,
      env: { GOWORK: "off" },
      stdout: "inherit",
      stderr: "inherit",
    }).output();
    if (!success) throw new Error("The Go webhook does not build, see above");
    return output;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Starts the peer, and waits until it listens. */
export async function startPeer(
  program: string,
  folder: string,
  certificate: KeyedCertificate,
): Promise<MeasuredServer> {
  await Deno.writeTextFile(`${folder}/tls.crt`, certificate.certificatePem);
  await Deno.writeTextFile(`${folder}/tls.key`, certificate.privateKeyPem);
  const port = pickPort();
  const child = new Deno.Command(program, {
    args: ["-port", `${port}`, "-cert-dir", folder],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await awaitPort(port);
  return {
    pid: child.pid,
    url: `https://127.0.0.1:${port}/validate`,
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await child.status;
    },
  };
}

function pickPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function awaitPort(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await systemClock.sleep(50);
    }
  }
  throw new Error("The Go webhook does not listen");
}
