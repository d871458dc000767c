/**
 * Free ports on the loopback interface.
 *
 * @module
 */

/**
 * Picks ports nobody listens on. They come from below the range the system gives to outgoing connections
 * (32768 and up on Linux, 49152 and up elsewhere), so that between picking and use no client's socket
 * takes them; two pickers that start five ports each in the same instant
 * meet with a chance of one in five hundred.
 *
 * @param count How many; all different.
 */
export function pickFreePorts(count: number): number[] {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (!ports.has(port) && isFree(port)) ports.add(port);
  }
  return [...ports];
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
