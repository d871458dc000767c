/**
 * The startup script of clouds that have no user data for cloud-init: it carries the same boot script
 * and unit as the cloud-init document.
 *
 * Such a cloud pipes the text into `bash` as root, so there is no `$0`, and a command that reads its
 * input would swallow the rest of the script. Everything is therefore in one function that reads
 * nothing: bash runs it only when it has the whole text, so a transfer that was cut off does nothing.
 * The vendor keeps what it prints in a log, so it prints nothing of its own; the boot script runs in
 * its unit and writes to a file for root only.
 *
 * @module
 */

import { bootMarkPath, bootScriptPath, bootUnit, bootUnitName } from "./boot_unit.ts";

/** `@@NODE@@` is replaced by a quoted shell word, `@@SCRIPT_GZ_B64@@` by text that needs no quoting. */
export const startupScriptTemplate: string = `#!/bin/bash
main() {
  set -euo pipefail
  [[ ! -e ${bootMarkPath} ]] || return 0
  # Paperspace's images have a source that breaks every update (seen 2025).
  rm -f /etc/apt/sources.list.d/paperspace.list
  hostnamectl set-hostname @@NODE@@
  grep -qwF @@NODE@@ /etc/hosts || printf '127.0.1.1 %s\\n' @@NODE@@ >>/etc/hosts
  # Before the file: what it holds is nobody else's for no moment.
  install -d -m 700 ${bootScriptPath.slice(0, bootScriptPath.lastIndexOf("/"))}
  base64 -d <<'SCRIPT' | gunzip >${bootScriptPath}
@@SCRIPT_GZ_B64@@
SCRIPT
  chmod 700 ${bootScriptPath}
  cat >/etc/systemd/system/${bootUnitName} <<'UNIT'
${bootUnit}UNIT
  systemctl daemon-reload
  systemctl --quiet enable ${bootUnitName}
  systemctl start --no-block ${bootUnitName}
}
main </dev/null
`;
