/**
 * How often and how patiently calls are repeated. Tuned constants, with their reasons.
 *
 * @module
 */

/** See the module. */
export const resilienceDefaults = Object.freeze({
  /** Two repeats outlast a restart of a load balancer; more is the caller's queue's business. */
  attempts: 3,
  /** Between attempts after a failure. */
  backoff: { initialMs: 1_000, maxMs: 10_000 },
  /** After a throttle without Retry-After: clients of Lambda got through with 5 to 10 s, doubling. */
  throttleBackoff: { initialMs: 5_000, maxMs: 60_000 },
  /** A longer Retry-After is passed on in the error instead of being waited for. */
  maxPauseMs: 60_000,
  /** Five in a row is an outage, not noise. */
  breakerFailures: 5,
  /** Half a minute: an outage is noticed to be over soon, and is not hammered. */
  breakerOpenForMs: 30_000,
});
