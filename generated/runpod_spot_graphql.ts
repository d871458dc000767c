// Made from schemas/vendors/runpod_spot_operations.graphql by "deno task generate"; do not edit.

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** SECURE: data centers of the vendor and its partners. COMMUNITY: hosts of third parties. */
export type CloudTypeEnum =
  | 'SECURE'
  | 'COMMUNITY'
  | 'ALL';

export type EnvironmentVariableInput = {
  key: string;
  value: string;
};

export type PodRentInterruptableInput = {
  /** USD per hour and GPU */
  bidPerGpu?: number | null | undefined;
  name?: string | null | undefined;
  imageName?: string | null | undefined;
  cloudType?: CloudTypeEnum | null | undefined;
  gpuTypeId?: string | null | undefined;
  gpuCount?: number | null | undefined;
  dataCenterId?: string | null | undefined;
  countryCode?: string | null | undefined;
  minDisk?: number | null | undefined;
  minMemoryInGb?: number | null | undefined;
  minVcpuCount?: number | null | undefined;
  supportPublicIp?: boolean | null | undefined;
  containerDiskInGb?: number | null | undefined;
  volumeInGb?: number | null | undefined;
  volumeMountPath?: string | null | undefined;
  dockerArgs?: string | null | undefined;
  env?: Array<EnvironmentVariableInput | null | undefined> | null | undefined;
  ports?: string | null | undefined;
  startJupyter?: boolean | null | undefined;
  startSsh?: boolean | null | undefined;
  /** A plain String here */
  stopAfter?: string | null | undefined;
  /** A plain String here */
  terminateAfter?: string | null | undefined;
};

export type SpotPricesQueryVariables = Exact<{
  secure: boolean;
}>;


export type SpotPricesQuery = { gpuTypes: Array<{ id: string | null, lowestPrice: { stockStatus: string | null, minimumBidPrice: number | null } | null } | null> | null };

export type CreateSpotPodMutationVariables = Exact<{
  input: PodRentInterruptableInput;
}>;


export type CreateSpotPodMutation = { podRentInterruptable: { id: string } | null };


export const SpotPricesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SpotPrices"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"secure"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"gpuTypes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"lowestPrice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"gpuCount"},"value":{"kind":"IntValue","value":"1"}},{"kind":"ObjectField","name":{"kind":"Name","value":"secureCloud"},"value":{"kind":"Variable","name":{"kind":"Name","value":"secure"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stockStatus"}},{"kind":"Field","name":{"kind":"Name","value":"minimumBidPrice"}}]}}]}}]}}]} as unknown as DocumentNode<SpotPricesQuery, SpotPricesQueryVariables>;
export const CreateSpotPodDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateSpotPod"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PodRentInterruptableInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"podRentInterruptable"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]} as unknown as DocumentNode<CreateSpotPodMutation, CreateSpotPodMutationVariables>;