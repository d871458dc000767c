/**
 * Switches of the simulated RunPod, all of which can be turned while it runs.
 *
 * @module
 */

/** Requests that a key may make to REST in each window. */
export interface Quota {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
}

/** How the cloud behaves. All times in milliseconds of its clock. */
export interface RunpodBehaviour {
  /** From create until a machine is found; REST says `PROVISIONING` until then, then `STARTING`. */
  readonly provisioningMs: number;
  /** From create until the container runs. */
  readonly pullMs: number;
  /** From then until its ports are mapped. */
  readonly portMs: number;
  /**
   * What pods created from now on do: run; start for ever; exit when the container should run, as for a
   * bad image; the same, called `ERROR` by REST.
   */
  readonly boot: "normal" | "never" | "exits" | "error";
  /** The main process of containers started from now on ends so often, and is restarted for ever. */
  readonly crashLoopMs: number | null;
  /** Status in REST's answer to a create: as documented, or as recorded. */
  readonly createStatus: "PROVISIONING" | "RUNNING";
  /** How long an ended pod is still shown, as `TERMINATED`. */
  readonly terminateMs: number;
  /** What becomes of a request to end a pod; `ignored`: success is answered, the pod runs on. */
  readonly terminate: "normal" | "ignored" | "refuse" | "refuseWhileBooting";
  /** What a spot pod is when it has been outbid. */
  readonly outbidAs: "EXITED" | "TERMINATED";
  /** How long a stopped pod still shows its runtime. */
  readonly staleRuntimeMs: number;
  /** How long a new pod is missing from lists. */
  readonly listLagMs: number;
  /** Whether GraphQL lists one pod as null, with `errors`. */
  readonly partialList: boolean;
  /**
   * Pods per page of REST's list. The vendor documents no pages; a client of September 2026 follows
   * `pagination.nextCursor`.
   */
  readonly pageSize: number | null;
  /** Whether REST's list takes no notice of `cursor`, and gives its first page again and again. */
  readonly ignoresCursor: boolean;
  /** Before every answer. */
  readonly latencyMs: number;
  /** Whether REST counts requests. */
  readonly throttles: boolean;
  readonly quota: Quota;
  /** GraphQL requests a minute; the vendor publishes no number. */
  readonly graphqlPerMinute: number | null;
  /** How GraphQL throttles: by the edge without `Retry-After`, or by the API with it. */
  readonly graphqlThrottle: "html" | "json";
  /** Whether every key is refused. */
  readonly revoked: boolean;
  /** What the account's keys are taken for: GraphQL shows `myself` null to nobody. */
  readonly seenAs: "owner" | "nobody" | "restricted";
  /** Whom the edge refuses with `error code: 1010`: clients without a name of their own, all, none. */
  readonly refusedAgents: "nameless" | "all" | "none";
  readonly graphqlRetired: boolean;
  readonly restRetired: boolean;
  /** Fields that the vendor has removed from GraphQL: `Mutation.podRentInterruptable`. */
  readonly removedFields: readonly string[];
  /** USD per hour that the account may spend. */
  readonly spendLimitUsd: number;
  /** Pods the account may have at a time; answered as the spend limit is. */
  readonly maxMachines: number | null;
  /** How GraphQL says on create that there is nothing: the text, `SUPPLY_CONSTRAINT`, null, something else. */
  readonly shortage: "text" | "code" | "null" | "wrong";
  /** `gpuTypeId/place` pairs that are listed with stock but whose orders are refused. */
  readonly phantomStock: readonly string[];
  /** Whether anything is sold as spot. */
  readonly sellsSpot: boolean;
  /** Whether the catalogue holds the GPU type `unknown`. */
  readonly placeholderType: boolean;
  /** Whether `countryCodes` holds null. */
  readonly nullCountry: boolean;
  /** What GraphQL's `stockStatus` is where there is nothing; `None` was seen, too. */
  readonly noStockWord: string | null;
  /** Whether GraphQL's `available` is there. */
  readonly tellsAvailable: boolean;
  /** Whether a cloud that does not sell a type shows an old price of it. */
  readonly stalePrices: boolean;
  /** How moments of creation are written: `2026-08-20T06:16:19.436Z`, `2026-08-20 06:16:19.436 +0000 UTC`. */
  readonly createdAtFormat: "iso" | "go";
  /** Keys added to the environment of GraphQL's pods. */
  readonly injectedEnv: Readonly<Record<string, string>>;
  /** A status that no document knows, given to every pod. */
  readonly inventedState: string | null;
  /** Whether answers hold fields that no document knows. */
  readonly unknownFields: boolean;
}

/** An ordinary day. Times and limits as documented or recorded; the quota is the document's example. */
export const defaultBehaviour: RunpodBehaviour = Object.freeze({
  provisioningMs: 5_000,
  pullMs: 60_000,
  portMs: 10_000,
  boot: "normal",
  crashLoopMs: null,
  createStatus: "PROVISIONING",
  terminateMs: 3_000,
  terminate: "normal",
  outbidAs: "EXITED",
  staleRuntimeMs: 0,
  listLagMs: 0,
  partialList: false,
  pageSize: null,
  ignoresCursor: false,
  latencyMs: 0,
  throttles: true,
  quota: { minute: 60, hour: 3_000, day: 50_000 },
  graphqlPerMinute: null,
  graphqlThrottle: "html",
  revoked: false,
  seenAs: "owner",
  refusedAgents: "nameless",
  graphqlRetired: false,
  restRetired: false,
  removedFields: [],
  spendLimitUsd: 80,
  maxMachines: null,
  shortage: "text",
  phantomStock: [],
  sellsSpot: true,
  placeholderType: true,
  nullCountry: true,
  noStockWord: null,
  tellsAvailable: true,
  stalePrices: true,
  createdAtFormat: "iso",
  injectedEnv: { PUBLIC_KEY: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLE somebody" },
  inventedState: null,
  unknownFields: false,
});
