/**
 * Every metric of the controller, with what it says.
 *
 * @module
 */

/** Help texts by name. */
export const metricsHelp: Readonly<Record<string, string>> = Object.freeze({
  tgp_admission_bad_requests_total:
    "Requests to the admission webhook that were no reviews, by HTTP status of the answer",
  tgp_admission_duration_seconds: "Duration of admission decisions, without the network",
  tgp_admission_requests_total: "Admission reviews answered, by kind, operation and verdict",
  tgp_certificate_requests_total: "Certificate requests of joining machines, by decision",
  tgp_claims_created_total: "Claims created, by pool",
  tgp_claims_ended_total: "Claims whose machine is gone and booked, by provider and reason",
  tgp_kube_events_dropped_total: "Events not written: too many for one object, or refused",
  tgp_kube_lists_total: "Full lists read from the API server, by resource",
  tgp_kube_unreadable_objects_total: "Objects skipped because they could not be read, by resource",
  tgp_kube_watch_failures_total: "Watches that broke, by resource",
  tgp_launches_total: "Orders, by provider and outcome",
  tgp_leader: "1 while this process leads",
  tgp_orphaned_machines: "Machines of ours that no claim answers for, as of the last sweep",
  tgp_orphans_ended_total: "Machines ended because no claim answered for them",
  tgp_pool_nodes: "Machines of a pool that exist or are on order",
  tgp_pool_spend_usd_per_hour: "US dollars per hour that a pool's machines cost or reserve",
  tgp_preflight_failing: "Findings of a preflight check that fail, by check",
  tgp_price_differences_total:
    "Machines that their vendor asks another price for than they were bought at, by provider",
  tgp_provider_breaker_state: "0 closed, 1 half open, 2 open, by class, account and operation",
  tgp_provider_launch_queue_length:
    "Orders waiting for a place in the vendor's queue, by class and account",
  tgp_provider_polls_total: "Polls of accounts, by provider, operation and result",
  tgp_provider_queue_length: "Calls waiting for the account's rate limit, by class and account",
  tgp_provider_request_duration_seconds:
    "Duration of calls to vendors, by class, account and operation",
  tgp_provider_requests_total: "Calls to vendors, by class, account, operation and outcome",
  tgp_provisioner_pass_seconds: "Duration of a provisioning pass",
  tgp_provisioner_unplaced_pods: "Pods that no pool serves, as of the last pass",
  tgp_queue_depth: "Keys that wait for a worker, by controller",
  tgp_reconcile_seconds: "Duration of reconciles, by controller",
  tgp_reconcile_total: "Reconciles, by controller and result",
  tgp_webhook_certificate_expiry_timestamp_seconds:
    "When the certificate expires that the admission webhook serves, in seconds since 1970",
});
