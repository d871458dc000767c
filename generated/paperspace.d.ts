// Made from schemas/vendors/paperspace.openapi.yaml by "deno task generate"; do not edit.

export interface paths {
    "/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whose key it is; null, with status 200, for a key that is not valid */
        get: operations["auth-session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/account-standing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the team may rent; undocumented, may be gone */
        get: operations["billing-accountStanding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/custom-templates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of the team's own templates; bound to a region */
        get: operations["customTemplates-get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/machine-availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a machine type can be had in a region now; promises nothing */
        get: operations["machineAvailability-list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/machine-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done to a machine, newest first */
        get: operations["machineEvents-list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The team's machines, page by page */
        get: operations["machines-list"];
        put?: never;
        /**
         * Rents one machine; there is no idempotency key, and names need not differ
         * @description Answers long before capacity is known: a machine that cannot be started ends up off, and its start event in error.
         */
        post: operations["machines-create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/machines/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One machine; answers for a while after it was deleted, then 404 */
        get: operations["machines-get"];
        put?: never;
        post?: never;
        /** Ends a machine, its disk and its snapshots; a static address outlives it */
        delete: operations["machines-delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/os-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The vendor's templates and which machine types each is for */
        get: operations["osTemplates-list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/private-networks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One private network; null, with status 200, for an unknown one and for the default one */
        get: operations["privateNetworks-get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public-ips": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The team's static addresses, assigned or not */
        get: operations["publicIps-list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public-ips/{ip}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Gives a static address back, assigned or not; it bills until then */
        delete: operations["publicIps-release"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/startup-scripts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The team's startup scripts, without their text */
        get: operations["startupScripts-list"];
        put?: never;
        /** Stores a script that a machine created with it runs as root at its first boot */
        post: operations["startupScripts-create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/startup-scripts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Deletes a script; whether one that is assigned is refused is not documented */
        delete: operations["startupScripts-delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/startup-scripts/{id}/unassign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a script from a machine */
        post: operations["startupScripts-unassign"];
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
        AccountStanding: {
            hasPaymentMethod: boolean;
            isAdminLocked: boolean;
            isInGoodStanding: boolean;
            messages: string[];
        };
        /** @description Open set */
        AgentType: ("LinuxHeadless" | "LinuxDesktop" | "WindowsDesktop") | string;
        AvailableMachineType: {
            isAvailable: boolean;
            /**
             * @example A4000
             * @example GPU+
             * @example H100x8
             */
            machineTypeLabel: string;
        };
        /** @description Bytes; the vendor declares an integer and sends a string of digits */
        ByteCount: string | number;
        CreateMachine: {
            autoShutdownEnabled: boolean;
            /**
             * @description GB; the sizes that are sold, not less than the template's
             * @enum {integer}
             */
            diskSize: 50 | 100 | 250 | 500 | 1000 | 2000;
            /** @description Always false: the vendor would mail a password */
            emailPassword: boolean;
            /** @description A label of the template's availableMachineTypes */
            machineType: string;
            name: string;
            /** @description A private network of the region; never the default one */
            networkId?: string;
            /** @enum {string} */
            publicIpType: "static" | "dynamic" | "none";
            region: components["schemas"]["RegionCode"];
            startOnCreate: boolean;
            startupScriptId: string;
            templateId: string;
        };
        CreateStartupScript: {
            isRunOnce: boolean;
            name: string;
            /** @description Piped to a root shell; at most 16 KB; secret */
            script: string;
        };
        CustomTemplate: {
            agentType: components["schemas"]["AgentType"];
            availableMachineTypes: components["schemas"]["AvailableMachineType"][];
            defaultSizeGb: components["schemas"]["DiskSizeGb"];
            id: string;
            name: string;
            region: components["schemas"]["Region"];
        };
        /** @description GB; known sizes, or any other */
        DiskSizeGb: (50 | 100 | 250 | 500 | 1000 | 2000 | 4000 | 8000 | 12000 | 16000) | number;
        Error: {
            /**
             * @description tRPC's word for the status; the set is open
             * @example UNAUTHORIZED
             * @example NOT_FOUND
             * @example TOO_MANY_REQUESTS
             */
            code?: string;
            details?: {
                [key: string]: unknown;
            };
            /** @description The form of before 2024 */
            issues?: {
                [key: string]: unknown;
            }[];
            /** @description For people; may change */
            message: string;
        };
        Machine: {
            accelerators?: {
                count: number;
                memory: components["schemas"]["ByteCount"] | null;
                name: string;
            }[] | null;
            agentType: components["schemas"]["AgentType"];
            cpus: number;
            /** Format: date-time */
            dtCreated: string;
            /** Format: date-time */
            dtDeleted: string | null;
            /** Format: date-time */
            dtModified: string;
            /** @example psk3v9x1qd7a */
            id: string;
            machineType: string;
            /** @description Not unique */
            name: string;
            /** @description May be the shared default network, which must not be named in a request */
            networkId: string | null;
            privateIp: string | null;
            /** @description A dynamic one appears once the machine is on */
            publicIp: string | null;
            publicIpType: ("static" | "dynamic" | "none") | string;
            ram: components["schemas"]["ByteCount"];
            region: components["schemas"]["Region"];
            state: components["schemas"]["MachineState"];
            /** @description US dollars per hour for its disk */
            storageRate: number;
            storageTotal: components["schemas"]["ByteCount"];
            /** @description US dollars per hour for the machine */
            usageRate: number;
        };
        MachineEvent: {
            /** Format: date-time */
            dtCreated: string;
            /** Format: date-time */
            dtFinished: string | null;
            /** Format: date-time */
            dtStarted: string | null;
            /** @description Null now and then for an event in error */
            error: string | null;
            id: string;
            machineId: string | null;
            /** @description Open set */
            name: ("bill-sessions" | "bill-upgrade" | "create" | "deactivate" | "restart" | "snapshot-create" | "snapshot-delete" | "snapshot-restore" | "start" | "stop" | "template-create" | "template-delete" | "template-distribute" | "template-import" | "vm-migrate" | "vm-shutdown-force" | "vm-upgrade") | string;
            /** @description Open set */
            state: ("new" | "in progress" | "done" | "error" | "cancelled") | string;
        };
        /** @description Open set; there is neither an error state nor a deleted one */
        MachineState: ("off" | "starting" | "stopping" | "restarting" | "serviceready" | "ready" | "upgrading" | "provisioning") | string;
        /** @description Cursor for `after`; missing or null on the last page */
        NextPage: string | null;
        OsTemplate: {
            agentType: components["schemas"]["AgentType"];
            availableMachineTypes: components["schemas"]["AvailableMachineType"][];
            defaultSizeGb: components["schemas"]["DiskSizeGb"] | null;
            /** Format: date-time */
            dtCreated: string;
            /** @example t0nspur5 */
            id: string;
            /**
             * @description Tells purpose and build date
             * @example mliab-u22-241101
             */
            name: string;
            /** @example Ubuntu 22.04 */
            operatingSystemLabel: string;
        };
        PrivateNetwork: {
            id: string;
            name: string;
            region: components["schemas"]["Region"];
        };
        PublicIp: {
            /** @description Missing while it is not assigned */
            assignedMachineId?: string | null;
            /** Format: date-time */
            dtCreated: string;
            ip: string;
            region: components["schemas"]["Region"];
        };
        /** @description Open set; codes are taken, long names come back */
        Region: ("ny2" | "ca1" | "ams1") | ("East Coast (NY2)" | "West Coast (CA1)" | "Europe (AMS1)") | string;
        /** @enum {string} */
        RegionCode: "ny2" | "ca1" | "ams1";
        Session: {
            team: {
                id: string;
                isPrivate: boolean;
                /** @description How many machines the team may have; the only quota the API tells */
                maxMachines: number;
                namespace: string;
            };
            user: {
                email: string;
                id: string;
            };
        };
        StartupScript: {
            assignedMachineIds: string[];
            description: string | null;
            /** Format: date-time */
            dtCreated: string;
            /** Format: date-time */
            dtDeleted: string | null;
            /** @example sc5d8v2k1m */
            id: string;
            isEnabled: boolean;
            isRunOnce: boolean;
            name: string;
        };
        UnassignStartupScript: {
            machineId: string;
        };
    };
    responses: {
        /** @description Refused, by the API or by what stands in front of it. The status and the code say of what kind; billing, quota and capacity have no code of their own and are told by the message. */
        Error: {
            headers: {
                /** @description Seconds or an HTTP date; not promised */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
                "text/html": string;
                "text/plain": string;
            };
        };
    };
    parameters: {
        /** @description nextPage of the page before */
        after: string;
        id: string;
        /** @description Items on a page; the server's own choice is not documented */
        limit: number;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "auth-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session, or null */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"] | null;
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "billing-accountStanding": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The team's standing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountStanding"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "customTemplates-get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The template */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomTemplate"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "machineAvailability-list": {
        parameters: {
            query: {
                machineType: string;
                region: components["schemas"]["RegionCode"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Availability */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        available: boolean;
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "machineEvents-list": {
        parameters: {
            query?: {
                /** @description nextPage of the page before */
                after?: components["parameters"]["after"];
                /** @description Items on a page; the server's own choice is not documented */
                limit?: components["parameters"]["limit"];
                machineId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        hasMore: boolean;
                        items: components["schemas"]["MachineEvent"][];
                        nextPage?: components["schemas"]["NextPage"];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "machines-list": {
        parameters: {
            query?: {
                /** @description nextPage of the page before */
                after?: components["parameters"]["after"];
                /** @description Items on a page; the server's own choice is not documented */
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        hasMore: boolean;
                        items: components["schemas"]["Machine"][];
                        nextPage?: components["schemas"]["NextPage"];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "machines-create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateMachine"];
            };
        };
        responses: {
            /** @description The new machine, still provisioning */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Machine"];
                        event: components["schemas"]["MachineEvent"];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "machines-get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The machine, not wrapped */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Machine"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "machines-delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The machine; its state may still be the old one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Machine"];
                        event: components["schemas"]["MachineEvent"];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "osTemplates-list": {
        parameters: {
            query?: {
                /** @description nextPage of the page before */
                after?: components["parameters"]["after"];
                /** @description Items on a page; the server's own choice is not documented */
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        hasMore: boolean;
                        items: components["schemas"]["OsTemplate"][];
                        nextPage?: components["schemas"]["NextPage"];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "privateNetworks-get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The network, or null */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrivateNetwork"] | null;
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "publicIps-list": {
        parameters: {
            query?: {
                /** @description nextPage of the page before */
                after?: components["parameters"]["after"];
                /** @description Items on a page; the server's own choice is not documented */
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        hasMore: boolean;
                        items: components["schemas"]["PublicIp"][];
                        nextPage?: components["schemas"]["NextPage"];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "publicIps-release": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ip: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The address */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ip: string;
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "startupScripts-list": {
        parameters: {
            query?: {
                /** @description nextPage of the page before */
                after?: components["parameters"]["after"];
                /** @description Items on a page; the server's own choice is not documented */
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        hasMore: boolean;
                        items: components["schemas"]["StartupScript"][];
                        nextPage?: components["schemas"]["NextPage"];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "startupScripts-create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateStartupScript"];
            };
        };
        responses: {
            /** @description The script, not wrapped */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartupScript"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "startupScripts-delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The script */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartupScript"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    "startupScripts-unassign": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnassignStartupScript"];
            };
        };
        responses: {
            /** @description The script */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartupScript"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
}
