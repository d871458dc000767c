/**
 * Secrets that are planted everywhere and must come out nowhere. Put together here, so that a search for
 * them finds nothing in the repository either.
 *
 * @module
 */

/** An API key, with characters that URLs and HTML write differently. */
export const canaryKey: string = ["canary", "Zq7/Xw3+Kp9Rt5", "Vb2Nm8=Lc4Hd6"].join("_");

/** The key that takes its place when it is rotated. */
export const secondCanaryKey: string = ["canary", "Jt6Fy1Gs0Uw9", "Qe3Ri5Xo2Pa7"].join("_");

/** A bootstrap token: id and secret. */
export const canaryToken: string = ["k7q2zx", "w9v8u7t6s5r4q3p2"].join(".");

/** A line of user data that is a secret of its own. */
export const canaryLine: string = ["runcmd: [register", "--password", "Hn4Bv7Mc1Zl8]"].join(" ");

/** User data with both. */
export const canaryUserData = `#cloud-config\n# joins with ${canaryToken}\n${canaryLine}\n`;

/** All of them. */
export const canaries: readonly string[] = [
  canaryKey,
  secondCanaryKey,
  canaryToken,
  canaryToken.slice(canaryToken.indexOf(".") + 1),
  canaryLine,
];
