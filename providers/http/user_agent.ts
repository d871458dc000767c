/**
 * How we introduce ourselves to vendors.
 *
 * @module
 */

/** Content delivery networks in front of the APIs block nameless clients and libraries' default names. */
export const userAgent = "tgp/0.1 (GPU provisioner for Kubernetes)";
