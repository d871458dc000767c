/**
 * The admission webhook over TLS, judging a class with three clouds (a review of 1 KB) in full, beside
 * Go's controller-runtime answering the same review; load and servers share the machine's cores.
 *
 * Needs `wrk` on the PATH. Without Go the peer's rows are left out.
 *
 * Run: `deno run -A tests/bench/webhook_server.ts`
 *
 * @module
 */

import { createCertificateMaker } from "../../controller/admission/serving/certificates/certificate_maker.ts";
import { leafValidity } from "../../controller/admission/serving/certificates/decide_rotation.ts";
import {
  parseStored,
  toSecretData,
} from "../../controller/admission/serving/certificates/stored_certificates.ts";
import { certificatesName } from "../../controller/admission/serving/names.ts";
import { secrets } from "../../kube/resource.ts";
import { systemClock } from "../../runtime/clock.ts";
import { buildReview, WebhookBox } from "../support/webhook_box.ts";
import { lowDecileOf, type Measurement, medianOf, report } from "./report.ts";
import { buildPeer, type MeasuredServer, startPeer } from "./webhook_peer.ts";
import { hasWrk, runWrk, type WrkResult } from "./webhook_wrk.ts";

/** Short and in turns, so that both find moments in which nobody else used the machine. */
const rounds = 12;
const roundSeconds = 3;
const rotations = 6;
const maker = createCertificateMaker();
const secretRef = { name: certificatesName, namespace: "tgp-system" };

/** Starts the process under test. */
async function startSubject(box: WebhookBox, ...flags: string[]): Promise<
  MeasuredServer & { readonly solvedMs: () => readonly number[] }
> {
  const program = new URL("webhook_subject.ts", import.meta.url).pathname;
  const process = await box.startProgram(program, [box.kubeconfigPath, ...flags]);
  return {
    pid: process.pid,
    url: process.url,
    solvedMs: () =>
      process.log.flatMap((line) => /^solved (.*)$/.exec(line)?.[1] ?? []).map(Number),
    async [Symbol.asyncDispose]() {
      await process.stop("SIGKILL");
    },
  };
}

/** Ours and the peer's, in turns. */
async function compare(
  ours: MeasuredServer,
  peer: MeasuredServer | undefined,
  bodyPath: string,
): Promise<{ readonly ours: readonly WrkResult[]; readonly peers: readonly WrkResult[] }> {
  const results = { ours: new Array<WrkResult>(), peers: new Array<WrkResult>() };
  await runWrk(ours.url, bodyPath, 2);
  if (peer) await runWrk(peer.url, bodyPath, 2);
  for (let round = 0; round < rounds; round++) {
    results.ours.push(await runWrk(ours.url, bodyPath, roundSeconds));
    if (peer) results.peers.push(await runWrk(peer.url, bodyPath, roundSeconds));
  }
  return results;
}

/** Exchanges the certificate again and again while wrk asks. */
async function rotate(box: WebhookBox, ours: MeasuredServer, bodyPath: string): Promise<WrkResult> {
  // The webhook looks every ten seconds.
  const everyMs = 11_000;
  const asking = runWrk(ours.url, bodyPath, rotations * everyMs / 1_000 + 3);
  for (let done = 0; done < rotations; done++) {
    const secret = await box.kube.get(secrets, secretRef);
    const stored = parseStored(secret.data);
    if (stored.kind === "unusable") throw new Error(stored.problem);
    const { authorities: [signer, ...others], authorityKeyPem, leaf } = stored.certificates;
    const authority = { certificatePem: signer.pem, privateKeyPem: authorityKeyPem };
    const data = toSecretData({
      authoritiesPem: [signer, ...others].map(({ pem }) => pem),
      authorityKeyPem,
      leaf: await maker.makeLeaf(authority, leaf.hosts, leafValidity(Date.now(), signer)),
    });
    await box.kube.replace(secrets, { ...secret, data } as typeof secret);
    await systemClock.sleep(everyMs);
  }
  return await asking;
}

/** Resident memory of a process, in MB as `ps` counts them. */
async function readResidentMb(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** Requests per second and p99 of the runs that neighbours on the machine left alone. */
function summarize(results: readonly WrkResult[]) {
  const perSecond = 1 / lowDecileOf(results.map(({ requests, seconds }) => seconds / requests));
  const p99Ms = lowDecileOf(results.map((result) => result.p99Ms));
  return { perSecond, p99Ms, text: `${Math.round(perSecond)} req/s, p99 ${p99Ms.toFixed(1)} ms` };
}

/** What the peer's numbers say; nothing without a peer. */
function toRatios(
  ours: readonly WrkResult[],
  peers: readonly WrkResult[],
): readonly Measurement[] {
  if (peers.length === 0) return [];
  const [our, their] = [summarize(ours), summarize(peers)];
  return [
    {
      what: "Go's req/s, times ours",
      measured: their.perSecond / our.perSecond,
      limit: 1,
      unit: "times",
      note: `ours: ${our.text}; Go: ${their.text}`,
    },
    {
      what: "our p99, times Go's",
      measured: our.p99Ms / their.p99Ms,
      limit: 1,
      unit: "times",
    },
  ];
}

async function measure(folder: string): Promise<readonly Measurement[]> {
  const bodyPath = `${folder}/review.json`;
  await Deno.writeTextFile(bodyPath, buildReview());
  await using box = await WebhookBox.create();
  await box.applyThreeClouds();
  const program = await buildPeer(`${folder}/go_webhook`);
  const measurements: Measurement[] = [];
  {
    await using ours = await startSubject(box);
    const validity = { notBeforeMs: Date.now() - 60_000, notAfterMs: Date.now() + 3_600_000 };
    const authority = await maker.makeAuthority("bench", validity);
    const certificate = await maker.makeLeaf(authority, ["127.0.0.1"], validity);
    await using peer = program === undefined
      ? undefined
      : await startPeer(program, folder, certificate);
    const results = await compare(ours, peer, bodyPath);
    measurements.push(...toRatios(results.ours, results.peers), {
      what: "resident after that",
      measured: await readResidentMb(ours.pid),
      limit: 120,
      unit: "MB",
      note: peer
        ? `Go: ${Math.round(await readResidentMb(peer.pid))} MB`
        : summarize(results.ours).text,
    });
    const rotated = await rotate(box, ours, bodyPath);
    measurements.push({
      what: `failures over ${rotations} rotations`,
      measured: [...results.ours, rotated].reduce((sum, { failures }) => sum + failures, 0),
      limit: 0,
      unit: "requests",
      note: `of ${rotated.requests}; slowest ${rotated.maxMs.toFixed(0)} ms`,
    });
  }
  return [...measurements, ...await measureBusy(box, bodyPath)];
}

/** While the process around it plans for 50,000 pods: an answer must not wait for that. */
async function measureBusy(box: WebhookBox, bodyPath: string): Promise<readonly Measurement[]> {
  await using ours = await startSubject(box, "busy");
  while (ours.solvedMs().length < 2) await systemClock.sleep(100);
  const busy = await runWrk(ours.url, bodyPath, 10);
  const planMs = medianOf(ours.solvedMs());
  return [{
    what: "p99 while 50,000 pods are planned",
    measured: busy.p99Ms / planMs,
    // Three busy threads share two cores: then the scheduler's turns show, and nothing else should.
    limit: 0.1,
    unit: "of a plan's time",
    note: `a plan takes ${Math.round(planMs)} ms, beside ${summarize([busy]).text}`,
  }];
}

if (import.meta.main) {
  if (await hasWrk()) {
    const folder = await Deno.makeTempDir();
    try {
      report("webhook_server", await measure(folder));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  } else {
    // deno-lint-ignore no-console -- a benchmark's output
    console.error(
      "NOT MEASURED: the webhook's benchmark needs wrk on the PATH (Debian: apt install wrk)",
    );
    Deno.exitCode = 1;
  }
}
