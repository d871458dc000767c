/**
 * Ending a machine: ask, and look it up when the answer is not a plain yes.
 *
 * ```
 * ask ─► accepted ─────────────────────────────► done
 *  └──► refused, or no usable answer ─► look up ─► gone or on its way out ─► done
 *                                         └──────► still there, or no answer ─► to be repeated
 * ```
 *
 * @module
 */

import { ProviderError, type ProviderErrorKind } from "./errors.ts";

/** One machine to end. */
export interface MachineEnd {
  readonly account: string;
  /** The operation that ends, for errors. */
  readonly operation: string;
  readonly id: string;
  /** Asks the vendor to end it. @throws {ProviderError} Unless the vendor says that it does. */
  readonly end: () => Promise<void>;
  /** Whether it is gone or on its way out. @throws {ProviderError} If that cannot be told. */
  readonly isEnding: () => Promise<boolean>;
}

/** Refusals after which looking the machine up tells more; others concern the whole account. */
const lookedUpKinds: readonly ProviderErrorKind[] = [
  "transient",
  "conflict",
  "invalid_request",
  "not_found",
  "unknown",
];

/**
 * Ends a machine. Safe to repeat.
 *
 * @throws {ProviderError} `transient` while the machine is there; what concerns the whole account as it is.
 */
export async function endMachine(machine: MachineEnd): Promise<void> {
  try {
    return await machine.end();
  } catch (error) {
    if (!(error instanceof ProviderError) || !lookedUpKinds.includes(error.kind)) throw error;
    if (await isEnding(machine, error)) return;
    throw error.kind === "transient" ? error : toRepeat(machine, error);
  }
}

/** A look-up that fails tells nothing: then the refusal stands. */
async function isEnding(machine: MachineEnd, refusal: ProviderError): Promise<boolean> {
  try {
    return await machine.isEnding();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw refusal;
  }
}

function toRepeat({ account, id, operation }: MachineEnd, refusal: ProviderError): ProviderError {
  const { status, code, requestId, message } = refusal;
  return new ProviderError(
    `Cannot end a machine: the vendor does not end machine "${id}" now; to be repeated. ${message}`,
    { kind: "transient", account, operation, status, code, requestId },
  );
}
