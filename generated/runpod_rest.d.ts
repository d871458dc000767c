// Made from schemas/vendors/runpod-rest.openapi.yaml by "deno task generate"; do not edit.

export interface paths {
    "/catalog/gpus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** GPU types with list prices and, when asked for, stock by data center */
        get: operations["listGpuTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every pod of the account but members of clusters; no filters, no order */
        get: operations["listPods"];
        put?: never;
        /** Rents one pod of exactly one GPU type; never falls back to another */
        post: operations["createPod"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pods/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One pod */
        get: operations["getPod"];
        put?: never;
        post?: never;
        /** Ends a pod for good */
        delete: operations["deletePod"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Open set; every word that is not known means none */
        AvailabilityLevel: ("NONE" | "LOW" | "MEDIUM" | "HIGH") | string;
        CreateGpu: {
            count?: number;
            id: string;
        };
        CreatePodRequest: {
            args?: string;
            /** @enum {string} */
            cloud: "SECURE" | "COMMUNITY";
            dataCenterIds?: string[];
            /** @description GB */
            disk: number;
            env: {
                [key: string]: string;
            };
            gpu: components["schemas"]["CreateGpu"];
            image: string;
            name: string;
            ports: string[];
        };
        DataCenterAvailability: {
            availability: components["schemas"]["AvailabilityLevel"];
            /**
             * @description Upper case
             * @example US-KS-2
             */
            id: string;
        };
        GpuType: {
            /** @description Overall, for the count, product and cloud that were asked for */
            availability?: components["schemas"]["AvailabilityLevel"];
            /** @description Sold on COMMUNITY */
            community: boolean;
            /** @description Where it is offered in that configuration; absent when nowhere */
            dataCenters?: components["schemas"]["DataCenterAvailability"][];
            /**
             * @description NVML product name of NVIDIA's cards
             * @example NVIDIA GeForce RTX 4090
             */
            id: string;
            /** @description Open set */
            manufacturer: ("NVIDIA" | "AMD" | "UNKNOWN") | string;
            /** @description Most GPUs on one machine; says nothing about stock */
            maxCount: {
                community: number;
                secure: number;
            };
            /** @description GB */
            memory: number;
            /** @example RTX 4090 */
            name: string;
            /** @description USD per hour for a single GPU; stale where the cloud is false */
            price: {
                community: number;
                secure: number;
            };
            /** @description Sold on SECURE */
            secure: boolean;
        };
        Pagination: {
            hasNextPage?: boolean;
            nextCursor?: string | null;
        };
        Pod: {
            args: string;
            /** @description Open set */
            cloud: ("SECURE" | "COMMUNITY") | string;
            /** @description USD per hour of the whole pod; 0 when it does not run */
            cost: number;
            /** @description RFC 3339 */
            createdAt: string;
            /** @description null on COMMUNITY */
            dataCenterId: string | null;
            /** @description GB of container disk */
            disk: number;
            env: {
                [key: string]: string;
            };
            gpu?: components["schemas"]["PodGpu"];
            /** @example k3v9qz1m7t0wxa */
            id: string;
            image: string;
            locked: boolean;
            /** @description Not unique */
            name: string;
            ports: string[];
            /** @description null until it runs */
            runtime: components["schemas"]["PodRuntime"] | null;
            /** @description RFC 3339 */
            startedAt: string | null;
            status: components["schemas"]["PodStatus"];
        };
        PodGpu: {
            count?: number;
            /** @example NVIDIA GeForce RTX 4090 */
            id: string;
        };
        PodRuntime: {
            ports?: components["schemas"]["PodRuntimePort"][];
            /** @description Seconds since the container started */
            uptime?: number;
        };
        PodRuntimePort: {
            /** @description Public for tcp, private for http */
            ip?: string | null;
            private?: number;
            public?: number | null;
            /** @example tcp */
            type?: string;
        };
        /** @description Open set */
        PodStatus: ("PROVISIONING" | "STARTING" | "RUNNING" | "EXITED" | "ERROR" | "TERMINATED") | string;
        Problem: {
            /**
             * @description For people; may change
             * @example pod not found
             */
            detail: string;
            /** @description One per broken rule of the body */
            errors?: string[];
            /** @example 404 */
            status: number;
            /** @example Not Found */
            title: string;
        };
    };
    responses: {
        /** @description A failure on the vendor's side; what was asked may have happened */
        Failed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
                "text/html": string;
                "text/plain": string;
            };
        };
        /** @description Refused */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
                "text/html": string;
                "text/plain": string;
            };
        };
        /** @description Too many requests */
        Throttled: {
            headers: {
                /** @description Seconds; missing when the network in front answers */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
                "text/html": string;
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listGpuTypes: {
        parameters: {
            query?: {
                /** @description Only with AVAILABILITY; SECURE when absent */
                cloud?: "SECURE" | "COMMUNITY";
                /** @description GPUs of the pod that stock is asked for; only with AVAILABILITY */
                count?: number;
                /** @description Comma-separated; AVAILABILITY needs product */
                include?: "AVAILABILITY"[];
                /** @description Comma-separated; only with AVAILABILITY */
                product?: "POD"[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description GPU types */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        gpus: components["schemas"]["GpuType"][];
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            402: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Problem"];
        };
    };
    listPods: {
        parameters: {
            query?: {
                /** @description From pagination.nextCursor; a vendor that does not know it ignores it */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description Pods */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        pagination?: components["schemas"]["Pagination"];
                        pods: components["schemas"]["Pod"][];
                    };
                };
            };
            401: components["responses"]["Problem"];
            402: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Problem"];
        };
    };
    createPod: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePodRequest"];
            };
        };
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description The new pod; it runs later */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pod"];
                };
            };
            /** @description A broken rule, or no capacity; only the words of detail tell */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Problem"];
            402: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Problem"];
        };
    };
    getPod: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description The pod */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pod"];
                };
            };
            401: components["responses"]["Problem"];
            402: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Problem"];
        };
    };
    deletePod: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            402: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Problem"];
        };
    };
}
