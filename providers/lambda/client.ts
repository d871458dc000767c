/**
 * Lambda's HTTP API: one method per operation, each answer parsed, each failure classified.
 *
 * Wire facts: the vendor's reference 1.10.0, read 2026-11-23.
 *
 * @module
 */

import createOpenApiClient, { type Client } from "openapi-fetch";
import type { z } from "zod";
import type { paths } from "../../generated/lambda.d.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { CallPlan, CallPriority } from "../call_plan.ts";
import {
  createLaunchFetch,
  type LaunchSending,
  toUnrepeatableBody,
} from "../http/launch_sending.ts";
import { type Exchange, parseAnswer } from "../http/parse_answer.ts";
import { userAgent } from "../http/user_agent.ts";
import type { Fetch } from "../provider_deps.ts";
import type { Redact } from "../redact.ts";
import type { Resilience } from "../resilience.ts";
import { toLambdaError } from "./errors.ts";
import { lambdaInfo, lambdaTimeouts } from "./facts.ts";
import type { LambdaLaunchBody } from "./map.ts";
import {
  filesystemsAnswerSchema,
  imagesAnswerSchema,
  instanceAnswerSchema,
  instancesAnswerSchema,
  instanceTypesSchema,
  launchAnswerSchema,
  rulesetsAnswerSchema,
  sshKeysAnswerSchema,
  terminateAnswerSchema,
  type WireInstance,
  type WirePlacement,
} from "./wire.ts";

/** What {@linkcode LambdaClient} is built on. */
export interface LambdaClientDeps {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly resilience: Resilience;
  readonly redact: Redact;
}

/** Which account, and where. */
export interface LambdaClientOptions {
  readonly account: string;
  readonly apiKey: string;
  /** With the vendor's path. */
  readonly url: string;
}

/** Lambda's HTTP API for one account. */
export class LambdaClient {
  readonly #deps: LambdaClientDeps;
  readonly #account: string;
  readonly #http: Client<paths>;

  constructor(deps: LambdaClientDeps, options: LambdaClientOptions) {
    this.#deps = deps;
    this.#account = options.account;
    this.#http = createOpenApiClient<paths>({
      baseUrl: options.url,
      fetch: deps.fetch,
      // Followed, the key would go wherever the answer points.
      redirect: "manual",
      headers: {
        accept: "application/json",
        authorization: `Bearer ${options.apiKey}`,
        "user-agent": userAgent,
      },
    });
  }

  /** Machine types by name, each unparsed. */
  async listInstanceTypes(signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const plan = read("listInstanceTypes", "list machine types");
    const answer = await this.#call(
      plan,
      instanceTypesSchema,
      signal,
      (options) => this.#http.GET("/instance-types", options),
    );
    return answer.data;
  }

  /** All machines of the account. */
  async listInstances(signal: AbortSignal): Promise<readonly WireInstance[]> {
    const plan = read("listInstances", "list machines");
    const answer = await this.#call(
      plan,
      instancesAnswerSchema,
      signal,
      (options) => this.#http.GET("/instances", options),
    );
    return answer.data;
  }

  /** One machine. @param priority `terminate` when ending it waits for the answer. */
  async getInstance(
    id: string,
    signal: AbortSignal,
    priority: CallPriority = "list",
  ): Promise<WireInstance> {
    const plan = { ...read("getInstance", `look up machine "${id}"`), priority };
    const answer = await this.#call(
      plan,
      instanceAnswerSchema,
      signal,
      (options) => this.#http.GET("/instances/{id}", { ...options, params: { path: { id } } }),
    );
    return answer.data;
  }

  /** Ends one machine; the ids that the vendor says it is ending. */
  async terminate(id: string, signal: AbortSignal): Promise<readonly string[]> {
    const plan: CallPlan = {
      operation: "terminateInstance",
      action: `end machine "${id}"`,
      priority: "terminate",
      timeoutMs: lambdaTimeouts.terminate,
      retry: ["rate_limit"],
      breaker: false,
    };
    const answer = await this.#call(
      plan,
      terminateAnswerSchema,
      signal,
      (options) =>
        this.#http.POST("/instance-operations/terminate", {
          ...options,
          body: { instance_ids: [id] },
        }),
    );
    return answer.data.terminated_instances.map((instance) => instance.id);
  }

  /**
   * Rents one machine: one request, never repeated.
   *
   * @returns Its id.
   */
  async launch(
    body: LambdaLaunchBody,
    sending: LaunchSending,
    signal: AbortSignal,
  ): Promise<string> {
    const plan: CallPlan = {
      operation: "launchInstance",
      action: `rent machine "${body.name}"`,
      priority: "launch",
      timeoutMs: lambdaTimeouts.launch,
      retry: [],
      breaker: true,
    };
    const send = createLaunchFetch(this.#deps, sending, signal);
    const answer = await this.#deps.resilience.launch(plan, sending.ticket, async (limited) => {
      const exchange = await this.#http.POST("/instance-operations/launch", {
        body,
        bodySerializer: toUnrepeatableBody,
        parseAs: "text",
        signal: limited,
        fetch: send,
      });
      return this.#parse(plan, launchAnswerSchema, exchange, sending.redact);
    }, signal);
    return answer.data.instance_ids[0];
  }

  /** Names of the account's SSH keys. */
  async listSshKeyNames(signal: AbortSignal): Promise<readonly string[]> {
    const plan = read("listSSHKeys", "list SSH keys");
    const answer = await this.#call(
      plan,
      sshKeysAnswerSchema,
      signal,
      (options) => this.#http.GET("/ssh-keys", options),
    );
    return answer.data.map((key) => key.name);
  }

  /** Images, one row per image and region. */
  async listImages(signal: AbortSignal): Promise<WirePlacement["images"]> {
    const plan = read("listImages", "list images");
    const answer = await this.#call(
      plan,
      imagesAnswerSchema,
      signal,
      (options) => this.#http.GET("/images", options),
    );
    return answer.data;
  }

  /** Persistent filesystems. */
  async listFilesystems(signal: AbortSignal): Promise<WirePlacement["filesystems"]> {
    const plan = read("listFilesystems", "list filesystems");
    // Spelt differently from the operations that create and delete them.
    const answer = await this.#call(
      plan,
      filesystemsAnswerSchema,
      signal,
      (options) => this.#http.GET("/file-systems", options),
    );
    return answer.data;
  }

  /** Regional firewall rulesets. */
  async listFirewallRulesets(signal: AbortSignal): Promise<WirePlacement["rulesets"]> {
    const plan = read("firewallRulesetsList", "list firewall rulesets");
    const answer = await this.#call(
      plan,
      rulesetsAnswerSchema,
      signal,
      (options) => this.#http.GET("/firewall-rulesets", options),
    );
    return answer.data;
  }

  #call<Schema extends z.ZodType>(
    plan: CallPlan,
    schema: Schema,
    signal: AbortSignal,
    send: (options: { signal: AbortSignal; parseAs: "text" }) => Promise<Exchange>,
  ): Promise<z.output<Schema>> {
    return this.#deps.resilience.call(
      plan,
      async (limited) =>
        this.#parse(plan, schema, await send({ signal: limited, parseAs: "text" })),
      signal,
    );
  }

  #parse<Schema extends z.ZodType>(
    plan: CallPlan,
    schema: Schema,
    exchange: Exchange,
    redact = this.#deps.redact,
  ): z.output<Schema> {
    return parseAnswer(schema, exchange, {
      account: this.#account,
      operation: plan.operation,
      action: plan.action,
      vendor: lambdaInfo.displayName,
      redact,
      now: this.#deps.clock.now(),
      toError: toLambdaError,
    });
  }
}

function read(operation: string, action: string): CallPlan {
  return {
    operation,
    action,
    priority: "list",
    timeoutMs: lambdaTimeouts.read,
    retry: ["transient", "rate_limit"],
    breaker: true,
  };
}
