/**
 * Machine events: what was done to a machine, as a function of time.
 *
 * @module
 */

/** Names of the events that the simulation has; the vendor knows more. */
export type EventName = "create" | "start" | "stop" | "restart" | "vm-upgrade" | "deactivate";

/** How an event ends. */
export interface EventEnd {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly state: "done" | "error" | "cancelled";
  readonly error: string | null;
  /** Whether the end time is shown: some events in error never get one. */
  readonly shown: boolean;
}

/** An event. Moments are epoch milliseconds. */
export interface MachineEvent {
  readonly id: string;
  readonly name: EventName;
  readonly machineId: string;
  readonly createdAt: number;
  readonly startedAt: number;
  /** Absent while nothing will end it. */
  readonly end: EventEnd | undefined;
}

/** An event to be, without identity. */
export type EventPlan = Omit<MachineEvent, "id" | "machineId">;

/** What a machine is doing while an event lasts, in the words of refusals. */
export const eventWords: Readonly<Record<EventName, string>> = Object.freeze({
  create: "provisioning",
  start: "starting",
  stop: "stopping",
  restart: "restarting",
  "vm-upgrade": "upgrading",
  deactivate: "stopping",
});

/** The vendor's word for where an event stands. */
export function eventStateAt(event: MachineEvent, now: number): string {
  if (event.end !== undefined && event.end.at <= now) return event.end.state;
  return now < event.startedAt ? "new" : "in progress";
}

/** Whether an event has begun and not ended. */
export function isUnderWay(event: MachineEvent, now: number): boolean {
  return event.createdAt <= now && (event.end === undefined || now < event.end.at);
}

/** Breaks off what is under way; what has not begun never will. */
export function breakOff(events: readonly MachineEvent[], now: number): MachineEvent[] {
  return events.filter(({ createdAt }) => createdAt <= now).map((event) =>
    isUnderWay(event, now)
      ? { ...event, end: { at: now, state: "cancelled", error: null, shown: true } }
      : event
  );
}
