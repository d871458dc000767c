/**
 * The machines that kubelets run on, as a simulated cloud shows them.
 *
 * @module
 */

/**
 * What an image does with user data: cloud-init knows documents and scripts by their first line, a shell
 * takes everything for a script.
 */
export type UserDataReader = "cloud-init" | "shell";

/** A machine that has power. */
export interface Machine {
  /** The cloud's id. */
  readonly id: string;
  /** What it is booted with; absent: it boots and does nothing. */
  readonly userData: string | undefined;
  /** What reads it. @default {"cloud-init"} */
  readonly userDataReader?: UserDataReader | undefined;
  /** Address of its own network interface. */
  readonly privateAddress: string | undefined;
  /** Address on the internet, if it has one. */
  readonly publicAddress: string | undefined;
  readonly gpuCount: number;
  /** Virtual CPUs. */
  readonly cpuCount: number;
  readonly memoryGiB: number;
  readonly storageGiB: number;
  readonly arch: "amd64" | "arm64";
}

/** Where machines come from. */
export interface MachineSource {
  /** All machines that have power now; one that was ended is simply not there any more. */
  list(): readonly Machine[];
  /**
   * Calls `listener` after every change of the list.
   *
   * @returns Ends it.
   */
  onChange(listener: () => void): () => void;
}
