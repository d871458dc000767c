/**
 * The systemd unit that runs the boot script, whatever has put both onto the machine.
 *
 * A unit and not the boot hook itself, because hooks run once per machine: a reboot, or an API server
 * that is away for ten minutes, would end the attempt. The unit retries and stops for good when the
 * script has left its mark.
 *
 * @module
 */

/** The unit's name. */
export const bootUnitName = "tgp-bootstrap.service";

/** Where the boot script is put; the script holds a token, so the file is for root only. */
export const bootScriptPath = "/opt/tgp/bootstrap.sh";

/** What the boot script leaves behind when it has succeeded. */
export const bootMarkPath = "/var/lib/tgp/done";

/** The unit; ends in a newline. */
export const bootUnit: string = `[Unit]
Description=Join this machine to the cluster
Wants=network-online.target
After=network-online.target
ConditionPathExists=!${bootMarkPath}
StartLimitIntervalSec=1h
StartLimitBurst=5
[Service]
Type=oneshot
ExecStart=${bootScriptPath}
TimeoutStartSec=20min
Restart=on-failure
RestartSec=30
[Install]
WantedBy=multi-user.target
`;
