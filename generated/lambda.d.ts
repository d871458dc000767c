// Made from schemas/vendors/lambda.openapi.yaml by "deno task generate"; do not edit.

export interface paths {
    "/file-systems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Persistent filesystems of the account */
        get: operations["listFilesystems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/firewall-rulesets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Regional firewall rulesets of the account */
        get: operations["firewallRulesetsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Machine images, one row per image and region */
        get: operations["listImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/instance-operations/launch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rents one machine; there is no idempotency key */
        post: operations["launchInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/instance-operations/terminate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends machines; asynchronous, and the answer may hold fewer than asked for */
        post: operations["terminateInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/instance-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every machine type, its price, and the regions that have capacity for it now */
        get: operations["listInstanceTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every machine of the account; no paging, no order */
        get: operations["listInstances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/instances/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One machine */
        get: operations["getInstance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/regions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every region */
        get: operations["listRegions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ssh-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** SSH keys of the account */
        get: operations["listSSHKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ActionAvailability: {
            available: boolean;
            /** @example vm-has-not-launched */
            reason_code?: string | null;
            reason_description?: string | null;
        };
        Actions: {
            cold_reboot: components["schemas"]["ActionAvailability"];
            migrate: components["schemas"]["ActionAvailability"];
            rebuild: components["schemas"]["ActionAvailability"];
            restart: components["schemas"]["ActionAvailability"];
            terminate: components["schemas"]["ActionAvailability"];
        };
        Error: {
            /**
             * @description Stable, area/slug; the set is open
             * @example instance-operations/launch/insufficient-capacity
             */
            code: string;
            /** @description For people; may change */
            message: string;
            request_id?: string | null;
            suggestion?: string | null;
        };
        ErrorEnvelope: {
            error: components["schemas"]["Error"];
        };
        Filesystem: {
            id: string;
            name: string;
            region: components["schemas"]["Region"];
        };
        FirewallRuleset: {
            id: string;
            name: string;
            region: components["schemas"]["Region"];
        };
        Image: {
            architecture: ("x86_64" | "arm64") | string;
            /** @example lambda-stack-24-04 */
            family: string;
            id: string;
            name: string;
            region: components["schemas"]["Region"];
        };
        Instance: {
            actions: components["schemas"]["Actions"];
            file_system_names: string[];
            hostname?: string | null;
            /** @example 7c1e0b5f9d2a4e7f8b6c3d1a2f4e5b90 */
            id: string;
            instance_type: components["schemas"]["InstanceType"];
            /** @description Public IPv4; absent while booting */
            ip?: string | null;
            /** @description Secret; never logged or kept */
            jupyter_token?: string | null;
            /** @description Holds the token; never logged or kept */
            jupyter_url?: string | null;
            name?: string | null;
            private_ip?: string | null;
            region: components["schemas"]["Region"];
            ssh_key_names: string[];
            status: components["schemas"]["InstanceStatus"];
            tags?: components["schemas"]["Tag"][] | null;
        };
        /** @description Open set */
        InstanceStatus: ("booting" | "active" | "unhealthy" | "terminating" | "terminated" | "preempted") | string;
        InstanceType: {
            /** @example 1x A10 (24 GB PCIe) */
            description: string;
            /**
             * @example A10 (24 GB PCIe)
             * @example N/A
             */
            gpu_description: string;
            /** @example gpu_1x_a10 */
            name: string;
            /** @description US cents for the whole machine */
            price_cents_per_hour: number;
            specs: {
                /** @description 0 for machines without GPUs */
                gpus: number;
                memory_gib: number;
                storage_gib: number;
                vcpus: number;
            };
        };
        InstanceTypes: {
            [key: string]: components["schemas"]["InstanceTypesItem"];
        };
        InstanceTypesItem: {
            instance_type: components["schemas"]["InstanceType"];
            /** @description Empty means sold out everywhere; where else the type exists is not said */
            regions_with_capacity_available: components["schemas"]["Region"][];
        };
        LaunchRequest: {
            file_system_names?: string[];
            firewall_rulesets?: {
                id: string;
            }[];
            hostname?: string;
            image?: {
                id: string;
            } | {
                family: string;
            };
            instance_type_name: string;
            name?: string;
            region_name: string;
            ssh_key_names: string[];
            tags?: components["schemas"]["RequestedTag"][];
            /** @description Plain text in a format of cloud-init, at most 1 MB; secret */
            user_data?: string;
        };
        Region: {
            /** @example Virginia, USA */
            description: string;
            /**
             * @description Code; new ones appear
             * @example us-east-1
             */
            name: string;
        };
        RequestedTag: {
            key: string;
            value: string;
        };
        SSHKey: {
            id: string;
            name: string;
            public_key: string;
        };
        Tag: {
            key: string;
            value: string;
        };
        TerminateRequest: {
            instance_ids: string[];
        };
    };
    responses: {
        /** @description Refused; branch on error.code */
        Error: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"];
            };
        };
        /** @description A failure on the vendor's side; what was asked may have happened */
        Failed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"];
                "text/html": string;
                "text/plain": string;
            };
        };
        /** @description Too many requests; the body may be an error, text, HTML or empty */
        Throttled: {
            headers: {
                /** @description Seconds or an HTTP date; not promised */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"];
                "text/html": string;
                "text/plain": string;
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
    listFilesystems: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description Filesystems */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Filesystem"][];
                    };
                };
            };
            400: components["responses"]["Error"];
            401: components["responses"]["Error"];
            403: components["responses"]["Error"];
            404: components["responses"]["Error"];
            429: components["responses"]["Throttled"];
        };
    };
    firewallRulesetsList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description Rulesets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["FirewallRuleset"][];
                    };
                };
            };
            400: components["responses"]["Error"];
            401: components["responses"]["Error"];
            403: components["responses"]["Error"];
            404: components["responses"]["Error"];
            429: components["responses"]["Throttled"];
        };
    };
    listImages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description Images */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Image"][];
                    };
                };
            };
            400: components["responses"]["Error"];
            401: components["responses"]["Error"];
            403: components["responses"]["Error"];
            404: components["responses"]["Error"];
            429: components["responses"]["Throttled"];
        };
    };
    launchInstance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LaunchRequest"];
            };
        };
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description The id of the new machine, as an array of one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            instance_ids: string[];
                        };
                    };
                };
            };
            400: components["responses"]["Error"];
            401: components["responses"]["Error"];
            403: components["responses"]["Error"];
            404: components["responses"]["Error"];
            429: components["responses"]["Throttled"];
        };
    };
    terminateInstance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TerminateRequest"];
            };
        };
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description The machines that are being ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            terminated_instances: components["schemas"]["Instance"][];
                        };
                    };
                };
            };
            400: components["responses"]["Error"];
            401: components["responses"]["Error"];
            403: components["responses"]["Error"];
            404: components["responses"]["Error"];
            429: components["responses"]["Throttled"];
        };
    };
    listInstanceTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description Machine types by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["InstanceTypes"];
                    };
                };
            };
            400: components["responses"]["Error"];
            401: components["responses"]["Error"];
            403: components["responses"]["Error"];
            404: components["responses"]["Error"];
            429: components["responses"]["Throttled"];
        };
    };
    listInstances: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description Machines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Instance"][];
                    };
                };
            };
            400: components["responses"]["Error"];
            401: components["responses"]["Error"];
            403: components["responses"]["Error"];
            404: components["responses"]["Error"];
            429: components["responses"]["Throttled"];
        };
    };
    getInstance: {
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
            /** @description The machine */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Instance"];
                    };
                };
            };
            400: components["responses"]["Error"];
            401: components["responses"]["Error"];
            403: components["responses"]["Error"];
            404: components["responses"]["Error"];
            429: components["responses"]["Throttled"];
        };
    };
    listRegions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description Regions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Region"][];
                    };
                };
            };
            401: components["responses"]["Error"];
            403: components["responses"]["Error"];
            404: components["responses"]["Error"];
            429: components["responses"]["Throttled"];
        };
    };
    listSSHKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "5XX": components["responses"]["Failed"];
            /** @description Keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SSHKey"][];
                    };
                };
            };
            400: components["responses"]["Error"];
            401: components["responses"]["Error"];
            403: components["responses"]["Error"];
            404: components["responses"]["Error"];
            429: components["responses"]["Throttled"];
        };
    };
}
