/**
 * GraphQL operations that ask RunPod for all that its schema has, whatever TGP itself asks for.
 *
 * @module
 */

/** One document with all of them. Spot stands in a document of its own. */
export const runpodQueries = `
fragment Everything on Pod {
  id name desiredStatus lastStatusChange podType createdAt lastStartedAt imageName dockerArgs env
  ports gpuCount vcpuCount memoryInGb containerDiskInGb volumeInGb costPerHr adjustedCostPerHr
  aiApiId locked machineId
  machine { podHostId gpuDisplayName gpuTypeId dataCenterId location secureCloud }
  runtime {
    uptimeInSeconds
    container { cpuPercent memoryPercent }
    gpus { id gpuUtilPercent memoryUtilPercent }
    ports { ip isIpPublic privatePort publicPort type }
  }
  latestTelemetry { state time lastStateTransitionTimestamp }
}
fragment Price on LowestPrice {
  stockStatus uninterruptablePrice minVcpu minMemory
  maxUnreservedGpuCount availableGpuCounts rentedCount totalCount
}
query Myself {
  myself { id clientBalance currentSpendPerHr spendLimit minBalance underBalance }
}
query ListPods { myself { id pods { ...Everything } } }
query GetPod($podId: String!) {
  myself { id }
  pod(input: { podId: $podId }) { ...Everything }
}
query Catalog($price: GpuLowestPriceInput!, $stock: GpuAvailabilityInput) {
  gpuTypes {
    id displayName manufacturer memoryInGb secureCloud communityCloud securePrice communityPrice
    maxGpuCount maxGpuCountSecureCloud maxGpuCountCommunityCloud
    lowestPrice(input: $price) { ...Price }
  }
  dataCenters {
    id name location listed storageSupport
    gpuAvailability(input: $stock) { id gpuTypeId displayName available stockStatus }
  }
  countryCodes
}
mutation CreatePod($input: PodFindAndDeployOnDemandInput!) {
  podFindAndDeployOnDemand(input: $input) { ...Everything }
}
mutation TerminatePod($podId: String!) { podTerminate(input: { podId: $podId }) }
`;

/** See {@linkcode runpodQueries}. */
export const runpodSpotQueries = `
query SpotPrices($price: GpuLowestPriceInput!) {
  gpuTypes {
    id secureSpotPrice communitySpotPrice
    lowestPrice(input: $price) { stockStatus minimumBidPrice }
  }
}
mutation CreateSpotPod($input: PodRentInterruptableInput!) {
  podRentInterruptable(input: $input) { id costPerHr }
}
`;
