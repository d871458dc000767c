/**
 * The keys and certificates of a control plane, made by `openssl` (1.1.1 or later).
 *
 * @module
 */

/** Whom a certificate names and what it is for. */
export interface CertificateRequest {
  /** Base name of the files: `<name>.key` and `<name>.crt`. */
  readonly name: string;
  /** The subject; groups are what Kubernetes reads from `O`. */
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly usage: "serverAuth" | "clientAuth";
  /** As in `openssl`: `IP:127.0.0.1,DNS:localhost`. */
  readonly subjectAltName?: string;
}

/** A certificate and its key, as file paths. */
export interface CertificatePaths {
  readonly certPath: string;
  readonly keyPath: string;
}

/** Makes an authority: `ca.key` and `ca.crt` in `dir`. */
export async function createAuthority(dir: string): Promise<CertificatePaths> {
  await openssl(dir, [
    ...["req", "-x509", "-new", "-sha256", ...newKey("ca.key")],
    ...["-subj", "/CN=test-ca", "-days", "7", "-out", "ca.crt"],
    ...["-addext", "basicConstraints=critical,CA:TRUE"],
    ...["-addext", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature"],
  ]);
  return { certPath: `${dir}/ca.crt`, keyPath: `${dir}/ca.key` };
}

/** Makes a key and a certificate signed by the authority in the same folder. */
export async function issueCertificate(
  dir: string,
  request: CertificateRequest,
): Promise<CertificatePaths> {
  const { name, commonName, organizations = [], usage, subjectAltName } = request;
  const subject = [...organizations.map((group) => `O=${group}`), `CN=${commonName}`]
    .map((part) => `/${part.replaceAll("/", "\\/")}`).join("");
  // Without extensions openssl makes an X.509 v1 certificate, which Deno's TLS refuses.
  const extensions = [
    "basicConstraints=critical,CA:FALSE",
    "keyUsage=critical,digitalSignature",
    `extendedKeyUsage=${usage}`,
    ...(subjectAltName === undefined ? [] : [`subjectAltName=${subjectAltName}`]),
  ];
  await Deno.writeTextFile(`${dir}/${name}.ext`, extensions.join("\n"));
  await openssl(dir, [
    ...["req", "-new", "-sha256", ...newKey(`${name}.key`)],
    ...["-subj", subject, "-out", `${name}.csr`],
  ]);
  await openssl(dir, [
    ...["x509", "-req", "-sha256", "-in", `${name}.csr`, "-days", "7"],
    ...["-CA", "ca.crt", "-CAkey", "ca.key", "-set_serial", `0x${randomSerial()}`],
    ...["-extfile", `${name}.ext`, "-out", `${name}.crt`],
  ]);
  await Promise.all([Deno.remove(`${dir}/${name}.ext`), Deno.remove(`${dir}/${name}.csr`)]);
  return { certPath: `${dir}/${name}.crt`, keyPath: `${dir}/${name}.key` };
}

/** Makes the pair that signs service account tokens: `sa.key` and `sa.pub`. */
export async function createServiceAccountKeys(dir: string): Promise<void> {
  await openssl(dir, ["ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", "sa.key"]);
  await openssl(dir, ["ec", "-in", "sa.key", "-pubout", "-out", "sa.pub"]);
}

function newKey(file: string): string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file];
}

/** 15 random bytes in hexadecimal: below the 20 that X.509 allows, and positive. */
function randomSerial(): string {
  return crypto.getRandomValues(new Uint8Array(15)).toHex();
}

async function openssl(dir: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", {
    args: [...args],
    cwd: dir,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const words = new TextDecoder().decode(stderr).trim();
  throw new Error(`Cannot make a certificate: "openssl ${args[0]}" failed: ${words}`);
}
