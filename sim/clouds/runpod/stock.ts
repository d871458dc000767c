/**
 * What is free where on an ordinary day.
 *
 * @module
 */

/** Free GPUs by type and place (data center or country); a place with zero sells the type, too. */
export type Stock = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A plausible day: consumer cards abound, large machines are rare, some kinds are sold out. */
export const defaultStock: Stock = Object.freeze({
  "AMD Instinct MI300X OAM": { "EU-RO-1": 8 },
  "NVIDIA B300 SXM6 AC": { "US-NE-1": 0 },
  "NVIDIA B200": { "US-CA-2": 8, "EU-RO-1": 0 },
  "NVIDIA H200": { "US-CA-2": 16, "EUR-IS-2": 4, "CA-MTL-3": 0 },
  "NVIDIA H200 NVL": { "US-GA-2": 0 },
  "NVIDIA H100 80GB HBM3": {
    "US-CA-2": 16,
    "US-TX-3": 8,
    "EU-RO-1": 2,
    "EUR-NO-1": 4,
    "AP-JP-1": 0,
    US: 4,
  },
  "NVIDIA H100 NVL": { "US-KS-2": 6 },
  "NVIDIA H100 PCIe": { "US-KS-2": 4, "CA-MTL-1": 2, SE: 1 },
  "NVIDIA A100-SXM4-80GB": { "US-MD-1": 12, "EUR-IS-1": 8, "US-GA-1": 0 },
  "NVIDIA A100-SXM4-40GB": { US: 0 },
  "NVIDIA A100 80GB PCIe": { "CA-MTL-1": 8, "EU-SE-1": 6, "US-KS-2": 3, FR: 2 },
  "NVIDIA L40S": { "EUR-NO-1": 12, "US-TX-4": 8, "EU-NL-1": 2, CA: 2 },
  "NVIDIA L40": { "EUR-IS-1": 4, US: 1 },
  "NVIDIA A40": { "EU-SE-1": 24, "CA-MTL-1": 16, "US-KS-2": 4 },
  "NVIDIA RTX 6000 Ada Generation": { "EU-RO-1": 6, "US-IL-1": 4, CZ: 2 },
  "NVIDIA RTX A6000": { "EU-SE-1": 10, "US-TX-1": 6, US: 8, ES: 2 },
  "NVIDIA RTX PRO 6000 Blackwell Server Edition": { "US-NC-1": 9, "EU-NL-1": 2 },
  "NVIDIA RTX PRO 6000 Blackwell Workstation Edition": { "US-WA-1": 2 },
  "NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 2g.48gb": { "US-NC-1": 4 },
  "NVIDIA RTX PRO 4500 Blackwell": { "EU-RO-1": 3 },
  "NVIDIA GeForce RTX 5090": { "EU-RO-1": 16, "US-TX-3": 8, "EUR-IS-2": 6, US: 4, SE: 2 },
  "NVIDIA GeForce RTX 4090": {
    "EU-RO-1": 24,
    "US-IL-1": 12,
    "US-TX-3": 8,
    "EU-CZ-1": 4,
    "EUR-NO-1": 1,
    CZ: 12,
    FR: 4,
    US: 8,
  },
  "NVIDIA GeForce RTX 3090": { "EU-CZ-1": 4, CZ: 6, SE: 3, US: 8, BG: 1 },
  "NVIDIA GeForce RTX 3070": { CZ: 2 },
  "NVIDIA L4": { "EU-RO-1": 10, "US-OR-1": 6, "SEA-SG-1": 2 },
  "NVIDIA A30": { CA: 0 },
  "NVIDIA RTX A5000": { "EU-RO-1": 8, "CA-MTL-3": 6, SE: 4, US: 4 },
  "NVIDIA RTX A4500": { "EU-RO-1": 4, US: 2 },
  "NVIDIA RTX 4000 Ada Generation": { "EU-RO-1": 12, "US-IL-1": 8 },
  "NVIDIA RTX A4000": { "EU-RO-1": 12, "EUR-IS-1": 6, CA: 3, US: 6 },
  "NVIDIA RTX 2000 Ada Generation": { "EU-RO-1": 6, "US-TX-4": 4 },
  "Tesla V100-SXM2-32GB": { US: 4 },
  "Tesla V100-PCIE-16GB": { US: 0 },
});
