/**
 * How long the words of clouds may be where a resource holds them, in characters.
 *
 * What is only shown is cut to these. What an order hangs on is not: such an offer is not bought. The id of
 * a machine is neither cut nor refused, because it is all that its machine can be ended by; so there is far
 * more room for it than any cloud needs (their ids have 8 to 36 characters).
 *
 * @module
 */

/** See the module. */
export const vendorWordLimits = Object.freeze({
  /** A machine's id. */
  instanceId: 1024,
  /** `<cloud>://<region>/<id>`: an id, and a region as long as clients take one. */
  providerId: 1280,
  instanceType: 128,
  /** A region's code. */
  region: 63,
  /** The name of a GPU that is not in our table. */
  gpuModel: 63,
  /** The cloud's word for a machine's state. */
  instanceState: 64,
  /** IPv6 takes 45, and a zone may follow. */
  address: 64,
});
