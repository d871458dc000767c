/**
 * The cloud-init document that a machine is started with: it carries the boot script and the systemd
 * unit that runs it. Written as a string module, so that it needs no permission to read files and is
 * part of every bundle.
 *
 * @module
 */

import { bootScriptPath, bootUnit, bootUnitName } from "./boot_unit.ts";

/** `@@NODE@@` and `@@SCRIPT_GZ_B64@@` are replaced by text that needs no quoting. */
export const cloudConfigTemplate: string = `#cloud-config
hostname: "@@NODE@@"
preserve_hostname: false
manage_etc_hosts: true
write_files:
- path: ${bootScriptPath}
  permissions: '0700'
  encoding: gz+b64
  content: "@@SCRIPT_GZ_B64@@"
- path: /etc/systemd/system/${bootUnitName}
  permissions: '0644'
  content: |
${bootUnit.replace(/^(?=.)/gm, "    ")}runcmd:
- [systemctl, daemon-reload]
- [systemctl, enable, ${bootUnitName}]
- [systemctl, start, --no-block, ${bootUnitName}]
`;
