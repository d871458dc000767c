/**
 * Free ports on the loopback interface.
 *
 * @module
 */

import { tmpdir } from "node:os";

/** How long after it was picked a port is nobody else's, in milliseconds: then it is in use, or never will be. */
const reservedMs = 120_000;

/**
 * Picks ports nobody listens on. They come from below the range the system gives to outgoing connections
 * (32768 and up on Linux, 49152 and up elsewhere), so that between picking and use no client's socket
 * takes them; other pickers on this machine, which may run side by side, do not for two minutes.
 *
 * @param count How many; all different.
 */
export function pickFreePorts(count: number): number[] {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (reserve(port) && isFree(port)) ports.push(port);
  }
  return ports;
}

/** Whether nobody listens on the port. */
export function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}

/** Whether nobody has picked the port lately; from now on, we have. A file for each port that ever was picked. */
function reserve(port: number): boolean {
  const path = `${tmpdir()}/tgp-ports/${port}`;
  Deno.mkdirSync(`${tmpdir()}/tgp-ports`, { recursive: true });
  try {
    const pickedAt = Deno.statSync(path).mtime?.getTime() ?? 0;
    if (Date.now() - pickedAt < reservedMs) return false;
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  try {
    Deno.openSync(path, { write: true, createNew: true }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}
