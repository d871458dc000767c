/**
 * A directory that stands for a freshly booted Ubuntu machine: boot and startup scripts run in it for
 * real, under bash, with every command that would change the system replaced by a stub that records its
 * call.
 *
 * @module
 */

/** What of the machine a test decides. */
export interface MachineOptions {
  /** Commands that are not installed (yet). */
  readonly missing?: readonly string[];
  /** How often `kubeadm join` fails before it succeeds. */
  readonly joinFailures?: number;
  /** The API server cannot be reached. */
  readonly apiAway?: boolean;
}

/** Directories and files of the real system that the script touches; moved into the sandbox. */
const moved =
  /(?<![\w:/])\/(?=(?:var\/lib\/tgp|var\/log\/tgp|run\/tgp|opt\/tgp|etc\/|usr\/share\/keyrings))/g;

const stubbed = [
  ..."hostnamectl swapoff modprobe sysctl systemctl curl gpg apt-get apt-mark sleep flock".split(
    " ",
  ),
  ..."containerd nvidia-smi nvidia-ctk kubeadm".split(" "),
];

const stub = `#!/usr/bin/env bash
name=\${0##*/}
echo "$name $*" >>"$ROOT/calls"
case $name in
  curl)
    [[ ! -e $ROOT/api-away || $* != */version* ]] || exit 7
    [[ $* == *"-o /dev/null"* ]] || echo key
    ;;
  gpg) cat >"\${@: -1}" ;;
  # Whatever reads its input takes the rest of a script that is piped into bash.
  systemctl | hostnamectl) cat >/dev/null ;;
  apt-get) [[ $* != *" install "*nvidia-container-toolkit* ]] || cp "$0" "$ROOT/bin/nvidia-ctk" ;;
  containerd) echo "            SystemdCgroup = false" ;;
  kubeadm)
    [[ $1 == join ]] || exit 0
    cp "$3" "$ROOT/join.yaml"
    cp "$ROOT/run/tgp/discovery.conf" "$ROOT/discovery.yaml"
    if [[ -s $ROOT/join-failures ]]; then sed -i 1d "$ROOT/join-failures"; exit 1; fi
    touch "$ROOT/etc/kubernetes/kubelet.conf"
    ;;
esac
`;

/** The sandbox. Dispose of it after use. */
export class SandboxedMachine implements AsyncDisposable {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  static async create(options: MachineOptions = {}): Promise<SandboxedMachine> {
    const root = await Deno.makeTempDir();
    const folders = ["bin", "etc/modules-load.d", "etc/sysctl.d", "etc/apt/sources.list.d"];
    folders.push("etc/systemd/system", "opt");
    folders.push("etc/kubernetes", "usr/share/keyrings", "var/lib", "var/log", "run");
    for (const folder of folders) await Deno.mkdir(`${root}/${folder}`, { recursive: true });
    await Deno.writeTextFile(
      `${root}/etc/fstab`,
      "UUID=1 / ext4 defaults 0 1\n/swap none swap sw 0 0\n",
    );
    await Deno.writeTextFile(`${root}/etc/hosts`, "127.0.0.1 localhost\n");
    await Deno.writeTextFile(`${root}/join-failures`, "x\n".repeat(options.joinFailures ?? 0));
    if (options.apiAway) await Deno.writeTextFile(`${root}/api-away`, "");
    for (const name of stubbed) {
      if (options.missing?.includes(name)) continue;
      await Deno.writeTextFile(`${root}/bin/${name}`, stub, { mode: 0o755 });
    }
    return new SandboxedMachine(root);
  }

  /** Runs a rendered boot script from a file; returns its exit code. */
  async run(script: string): Promise<number> {
    const path = `${this.#root}/bootstrap.sh`;
    await Deno.writeTextFile(path, this.#move(script));
    // Piped, so that this waits for the script's `tee` too and the log is complete.
    const { code } = await this.#bash({ args: [path], stdin: "null" }).output();
    return code;
  }

  /** Pipes a startup script into bash, as a vendor's boot hook does; both streams are one log there. */
  async pipe(script: string): Promise<{ readonly code: number; readonly log: string }> {
    const process = this.#bash({ args: [], stdin: "piped" }).spawn();
    const writer = process.stdin.getWriter();
    // One that stops early leaves the rest unread.
    await writer.write(new TextEncoder().encode(this.#move(script))).catch(() => {});
    await writer.close().catch(() => {});
    const { code, stdout, stderr } = await process.output();
    const log = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
    return { code, log };
  }

  #move(script: string): string {
    return script.replace(moved, `${this.#root}/`);
  }

  #bash(options: Pick<Deno.CommandOptions, "args" | "stdin">): Deno.Command {
    return new Deno.Command("bash", {
      ...options,
      clearEnv: true,
      env: { PATH: `${this.#root}/bin:/usr/bin:/bin`, ROOT: this.#root },
      stdout: "piped",
      stderr: "piped",
    });
  }

  /** The calls of stubbed commands so far, as `name arguments`. */
  async calls(): Promise<string[]> {
    return (await this.read("calls")).split("\n").slice(0, -1);
  }

  /** A file of the machine, with the sandbox's own path cut off; empty when there is none. */
  async read(path: string): Promise<string> {
    try {
      return (await Deno.readTextFile(`${this.#root}/${path}`)).replaceAll(this.#root, "");
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    }
  }

  /** Permissions of a file or directory, in octal. */
  async mode(path: string): Promise<string> {
    return (((await Deno.stat(`${this.#root}/${path}`)).mode ?? 0) & 0o777).toString(8);
  }

  /** Puts a file onto the machine. */
  async write(path: string, text: string): Promise<void> {
    await Deno.writeTextFile(`${this.#root}/${path}`, text);
  }

  /** Names in a directory, sorted. */
  async names(path: string): Promise<string[]> {
    const names = await Array.fromAsync(Deno.readDir(`${this.#root}/${path}`), ({ name }) => name);
    return names.sort();
  }

  /** Lets the API server be reached again. */
  async restoreApi(): Promise<void> {
    await Deno.remove(`${this.#root}/api-away`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#root, { recursive: true });
  }
}
