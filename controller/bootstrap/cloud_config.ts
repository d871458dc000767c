/**
 * The cloud-init document that a machine is started with: it carries the boot script and a systemd
 * unit that runs it.
 *
 * A unit and not `runcmd` alone, because cloud-init runs `runcmd` once per machine: a reboot, or an
 * API server that is away for ten minutes, would end the attempt. The unit retries and stops for good
 * when the script has left its mark. Written as a string module, so that it needs no permission to
 * read files and is part of every bundle.
 *
 * @module
 */

/** `@@NODE@@` and `@@SCRIPT_GZ_B64@@` are replaced by text that needs no quoting. */
export const cloudConfigTemplate: string = `#cloud-config
hostname: "@@NODE@@"
preserve_hostname: false
manage_etc_hosts: true
write_files:
- path: /opt/tgp/bootstrap.sh
  permissions: '0700'
  encoding: gz+b64
  content: "@@SCRIPT_GZ_B64@@"
- path: /etc/systemd/system/tgp-bootstrap.service
  permissions: '0644'
  content: |
    [Unit]
    Description=Join this machine to the cluster
    Wants=network-online.target
    After=network-online.target
    ConditionPathExists=!/var/lib/tgp/done
    StartLimitIntervalSec=1h
    StartLimitBurst=5
    [Service]
    Type=oneshot
    ExecStart=/opt/tgp/bootstrap.sh
    TimeoutStartSec=20min
    Restart=on-failure
    RestartSec=30
    [Install]
    WantedBy=multi-user.target
runcmd:
- [systemctl, daemon-reload]
- [systemctl, enable, tgp-bootstrap.service]
- [systemctl, start, --no-block, tgp-bootstrap.service]
`;
