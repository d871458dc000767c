/**
 * Every refusal of the vendor that is known. Texts are the vendor's unless marked.
 *
 * @module
 */

/** One row of the vendor's table. */
export interface RunpodErrorRow {
  readonly message: string;
  /** GraphQL's `extensions.code`. */
  readonly code: string;
  /** Status of GraphQL's answer. @default {200} */
  readonly graphqlStatus?: number | undefined;
  /** Status of REST's answer. */
  readonly restStatus: number;
  /** REST's `detail` where it differs. */
  readonly detail?: string | undefined;
}

const capacity = { code: "RUNPOD", restStatus: 400 };

/** Rows by a name of our own. */
export const runpodErrorRows = Object.freeze({
  noInstances: {
    ...capacity,
    message:
      "There are no longer any instances available with the requested specifications. Please refresh and try again.",
  },
  supplyConstraint: {
    ...capacity,
    code: "SUPPLY_CONSTRAINT",
    message:
      "There are no longer any instances available with the requested specifications. Please refresh and try again.",
  },
  // "request", not "requested".
  noSpotInstances: {
    ...capacity,
    message:
      "There are no longer any instances available with the request specifications. Please try again later.",
  },
  noSpotAtThatBid: {
    ...capacity,
    message:
      "There are no instances available with the request specifications. Please try again later.",
  },
  noDiskSpace: {
    ...capacity,
    message: "There are no longer any instances available with enough disk space.",
  },
  // As REST v1 answered.
  noneCurrently: {
    ...capacity,
    message: "There are no instances currently available",
    restStatus: 500,
    detail: "create pod: There are no instances currently available",
  },
  placementRace: {
    ...capacity,
    message:
      "This machine does not have the resources to deploy your pod. Please try a different machine",
  },
  noSuchShape: { ...capacity, message: "could not find any pods with required specifications" },
  hostFull: {
    ...capacity,
    message: "There are not enough free GPUs on the host machine to start this pod.",
  },
  balanceTooLow: {
    message: "Your account balance is too low to rent a pod. Please add funds to your account.",
    code: "RUNPOD",
    restStatus: 402,
  },
  balanceTooLowToResume: {
    message:
      "Insufficient balance to resume this on-demand pod. You need at least $3.59 (current: $3.01, deficit: $0.58).",
    code: "RUNPOD",
    restStatus: 402,
  },
  // Nobody has recorded the vendor's text.
  spendLimit: {
    message: "You have reached your spend limit. Please contact support to raise it.",
    code: "RUNPOD",
    restStatus: 402,
  },
  badRequest: {
    message: "request could not be processed",
    code: "RUNPOD",
    restStatus: 400,
  },
  spotResume: {
    message: "Cannot resume a spot pod as an on demand pod.",
    code: "RUNPOD",
    restStatus: 400,
  },
  unknownField: {
    message: 'Cannot query field "interruptablePrice" on type "LowestPrice".',
    code: "GRAPHQL_VALIDATION_FAILED",
    graphqlStatus: 400,
    restStatus: 422,
    detail: "Request validation failed.",
  },
  invalidValue: {
    message:
      'Variable "$input" got invalid value { diskGb: null }; Field "diskGb" is not defined by type "PodFindAndDeployOnDemandInput".',
    code: "BAD_USER_INPUT",
    graphqlStatus: 400,
    restStatus: 422,
    detail: "Request validation failed.",
  },
  podNotFoundToTerminate: {
    message: "pod not found to terminate",
    code: "POD_NOT_FOUND",
    restStatus: 404,
    detail: "resource not found",
  },
  // The same before the vendor gave it a code of its own.
  podNotFoundToTerminateOld: {
    message: "pod not found to terminate",
    code: "RUNPOD",
    restStatus: 404,
    detail: "resource not found",
  },
  methodNotAllowed: {
    message: "The requested method is not allowed for this path.",
    code: "RUNPOD",
    graphqlStatus: 405,
    restStatus: 405,
  },
  notFound: { message: "resource not found", code: "RUNPOD", restStatus: 404 },
  volumeNotFound: {
    message: "Tried to delete nonexistent network volume",
    code: "RUNPOD",
    restStatus: 404,
  },
  unauthorized: {
    message: "Unauthorized",
    code: "RUNPOD",
    restStatus: 403,
    detail: "access denied",
  },
  badKey: {
    message: "Unauthorized",
    code: "RUNPOD",
    graphqlStatus: 401,
    restStatus: 401,
    detail: "invalid bearer token",
  },
  noKey: {
    message: "Unauthorized",
    code: "RUNPOD",
    graphqlStatus: 401,
    restStatus: 401,
    detail: "missing bearer token",
  },
  // The code exists; nobody has recorded a text.
  conflict: {
    message: "The pod is not in a state that allows this.",
    code: "RUNPOD",
    restStatus: 409,
  },
  // Announced; nobody has recorded a text.
  retired: {
    message: "This API has been retired.",
    code: "RUNPOD",
    graphqlStatus: 410,
    restStatus: 410,
  },
  tooManyRequests: {
    message: "too many requests",
    code: "RUNPOD",
    graphqlStatus: 429,
    restStatus: 429,
    detail: "rate limit exceeded for the minute window",
  },
  tooManyRequestsAs200: {
    message: "too many requests",
    code: "RUNPOD",
    restStatus: 429,
    detail: "rate limit exceeded for the hour window",
  },
  somethingWrong: {
    message: "Something went wrong. Please try again later or contact support.",
    code: "INTERNAL_SERVER_ERROR",
    restStatus: 500,
  },
  // Stands for all that is still to be met.
  unrecorded: {
    message: "The pod could not be arranged.",
    code: "RUNPOD",
    restStatus: 400,
  },
}) satisfies Readonly<Record<string, RunpodErrorRow>>;

/** The name of a row. */
export type RunpodErrorName = keyof typeof runpodErrorRows;

/** Thrown inside the simulator to answer with a refusal. */
export class Refusal extends Error {
  readonly error: RunpodErrorName;
  readonly row: RunpodErrorRow;

  /** @param change Replaces parts of the row. */
  constructor(error: RunpodErrorName, change: Partial<RunpodErrorRow> = {}) {
    const row = { ...runpodErrorRows[error], ...change };
    super(row.message);
    this.error = error;
    this.row = row;
  }
}

/** A body that breaks REST's rules about form, with the vendor's lines about it. */
export class UnfitBody extends Error {
  readonly errors: readonly string[];

  constructor(errors: readonly string[]) {
    super("Request validation failed.");
    this.errors = errors;
  }
}
