import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Certificate,
  isSignedBy,
} from "../../controller/admission/serving/certificates/certificate.ts";
import { isNotFound } from "../../kube/kube.ts";
import { secrets } from "../../kube/resource.ts";
import { createSeededRandom, type Random } from "../../runtime/random.ts";
import { keeperOptions, type Replica, WebhookCluster } from "../support/webhook_cluster.ts";

const dayMs = 86_400_000;
const yearMs = 365 * dayMs;

/** How replicas behave: they look rarely, so that five years pass in seconds. */
const slow = { checkMs: 2 * dayMs, settleMs: dayMs };

/** How far behind an API server may be with what was published. */
const lagMs = dayMs / 2;

/** What API servers trust: some what was published last, some what was published until lately. */
class Clients {
  readonly #cluster: WebhookCluster;
  readonly #installedMs: number;
  /**
   * Whether the Secret gets broken now and then. Its successor must be served by replicas that start
   * before all API servers can know it; those that serve already have to wait in any case.
   */
  readonly #spoiled: boolean;
  /** Newest first; each was published until the one before it came. */
  #bundles: { readonly fromMs: number; readonly trusted: readonly Certificate[] }[] = [];
  /** Signatures are checked once: there are few certificates and many moments. */
  readonly #signed = new Map<string, boolean>();

  constructor(cluster: WebhookCluster, spoiled: boolean) {
    this.#cluster = cluster;
    this.#installedMs = cluster.clock.now() + 60_000;
    this.#spoiled = spoiled;
  }

  /** Takes note of what is published now. */
  async update(): Promise<void> {
    const trusted = await this.#cluster.trusted() ?? [];
    this.#bundles = [{ fromMs: this.#cluster.clock.now(), trusted }, ...this.#bundles.slice(0, 9)];
  }

  /** @throws {assert.AssertionError} If one of them meets a leaf that it cannot verify. */
  check(): void {
    const now = this.#cluster.clock.now();
    for (const { process, serving, sinceMs } of this.#cluster.replicas) {
      if (process.dead || !serving) continue;
      const knownFrom = Math.max(this.#spoiled ? sinceMs : this.#installedMs, now - lagMs);
      for (const trusted of this.#trustedSince(knownFrom)) {
        assert.ok(
          this.#isVerified(serving, trusted, now),
          `${toTime(now)}: a leaf valid until ${
            toTime(serving.notAfterMs)
          } cannot be verified by ` +
            `authorities valid until ${trusted.map((one) => toTime(one.notAfterMs)).join(", ")}`,
        );
      }
    }
  }

  #trustedSince(sinceMs: number): readonly (readonly Certificate[])[] {
    const last = this.#bundles.findIndex(({ fromMs }) => fromMs <= sinceMs);
    const inTime = last === -1 ? this.#bundles : this.#bundles.slice(0, last + 1);
    return inTime.map(({ trusted }) => trusted);
  }

  #isVerified(leaf: Certificate, trusted: readonly Certificate[], now: number): boolean {
    return isValid(leaf, now) && trusted.some((authority) => {
      const key = `${leaf.fingerprint} ${authority.fingerprint}`;
      const signed = this.#signed.get(key) ?? isSignedBy(leaf, authority);
      this.#signed.set(key, signed);
      return signed && isValid(authority, now);
    });
  }
}

function isValid({ notBeforeMs, notAfterMs }: Certificate, now: number): boolean {
  return notBeforeMs <= now && now < notAfterMs;
}

function toTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Somebody breaks the Secret. */
async function spoil(cluster: WebhookCluster, random: Random): Promise<void> {
  try {
    if (random.next() < 0.5) return await cluster.kube.delete(secrets, keeperOptions.secret);
    const data = { "tls.crt": btoa("nonsense"), "ca.key": "AA==" };
    await cluster.kube.patch(secrets, keeperOptions.secret, { data });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/**
 * Five years of three replicas.
 *
 * @param spoiling How likely it is that somebody breaks the Secret, every one to three days.
 * @returns The reasons of all Events.
 */
async function live(seed: number, spoiling: number): Promise<ReadonlySet<string>> {
  const random = createSeededRandom(seed);
  await using cluster = new WebhookCluster(seed);
  await cluster.install(["a.tgp.io", "b.tgp.io"]);
  const clients = new Clients(cluster, spoiling > 0);
  let failure: unknown;
  const check = () => {
    try {
      clients.check();
    } catch (error) {
      failure ??= error;
    }
  };
  cluster.onServe = check;
  cluster.api.addHook({
    after: async ({ method, url }, { ok }) => {
      if (method === "GET" || !ok || !url.pathname.includes("/validatingwebhook")) return;
      await clients.update();
      check();
    },
  });
  const replicas: Replica[] = [0, 1, 2].map(() => cluster.start(slow));
  const endMs = cluster.clock.now() + 5 * yearMs;
  while (cluster.clock.now() < endMs && failure === undefined) {
    cluster.losses = random.next() < 0.3 ? 0.3 : 0;
    await cluster.clock.advance(Math.ceil(random.next() * 3 * dayMs));
    check();
    if (random.next() < spoiling) await spoil(cluster, random);
    const index = Math.floor(random.next() * 3);
    if (random.next() < 0.1) replicas[index]?.process.kill();
    if (replicas[index]?.process.dead && random.next() < 0.7) replicas[index] = cluster.start(slow);
  }
  if (failure !== undefined) throw failure;
  assert.ok(cluster.replicas.length > 10, "replicas did not die and come again");
  return new Set(cluster.notes.map(({ reason }) => reason));
}

const runs = { numRuns: 2, endOnFailure: true };

Deno.test("in five years no client meets a certificate that it cannot verify", async () => {
  const property = fc.asyncProperty(fc.nat(), async (seed) => {
    const reasons = await live(seed, 0);
    // The years were not quiet.
    for (const change of ["AuthorityAdded", "AuthorityForgotten", "CertificateRenewed"]) {
      assert.ok(reasons.has(`Webhook${change}`), change);
    }
    assert.ok(!reasons.has("WebhookCertificatesReplaced"));
  });
  await fc.assert(property, runs);
});

Deno.test("nor when the Secret is broken or lost now and then", async () => {
  const property = fc.asyncProperty(fc.nat(), async (seed) => {
    const reasons = await live(seed, 0.01);
    assert.ok(reasons.has("WebhookCertificatesReplaced"));
  });
  await fc.assert(property, runs);
});
