/**
 * The boot script: turns one freshly booted Ubuntu 22.04 or 24.04 machine into one node by kubeadm.
 *
 * Secrets sit in a directory of mode 0700 under `/run`, are passed as files and never as arguments,
 * and are removed at the end. Written as a string module, so that it needs no permission to read
 * files and is part of every bundle.
 *
 * @module
 */

/** Each `@@NAME@@` is replaced by one quoted shell word; the placeholders carry no quotes. */
export const kubeadmScriptTemplate: string = String.raw`#!/usr/bin/env bash
# Turns one freshly booted Ubuntu 22.04/24.04 machine into one Kubernetes node.
# Rendered per machine. Safe to run again; does nothing once it has succeeded.
set -Eeuo pipefail
# Not 077: apt reads keyrings as user _apt.
umask 022

NODE=@@NODE@@
API=@@API@@
CA_B64=@@CA_B64@@
TOKEN=@@TOKEN@@
VERSION=@@VERSION@@
LABELS=@@LABELS@@
TAINTS=@@TAINTS@@
GPU=@@GPU@@

STATE=/var/lib/tgp; LOG=/var/log/tgp-bootstrap.log; RUN=/run/tgp
install -d -m 700 "$STATE" "$RUN"
[[ -e $STATE/done ]] && exit 0
exec 9>"$RUN/lock"; flock -n 9 || exit 0
touch "$LOG"; chmod 600 "$LOG"; exec > >(tee -a "$LOG") 2>&1
base64 -d <<<"$CA_B64" >"$RUN/ca.crt"
echo "Authorization: Bearer $TOKEN" >"$RUN/auth"

STEP=start
trap 'echo "== failed in step $STEP at line $LINENO"' ERR
step() { STEP=$1; echo "== $(date -u +%FT%TZ) $1"; }
retry() { # times command...
  local n=$1 i; shift
  for ((i = 1; ; i++)); do
    "$@" && return 0
    ((i < n)) || return 1
    sleep $((i < 3 ? i * 5 : 15))
  done
}
apt() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -y -q "$@"; }
key() { curl -fsSL "$1" | gpg --batch --yes --dearmor -o "$2"; }

step host
hostnamectl set-hostname "$NODE"
swapoff -a
sed -ri '/\sswap\s/s/^#?/#/' /etc/fstab
printf 'overlay\nbr_netfilter\n' >/etc/modules-load.d/tgp.conf
modprobe -a overlay br_netfilter
printf '%s = 1\n' net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables \
  net.bridge.bridge-nf-call-ip6tables >/etc/sysctl.d/90-tgp.conf
sysctl -q --system

step api
retry 24 curl -fsS -m 10 -o /dev/null --cacert "$RUN/ca.crt" -H @"$RUN/auth" "https://$API/version"

if [[ $GPU == preinstalled ]]; then
  step gpu
  nvidia-smi -L
  if ! command -v nvidia-ctk >/dev/null; then
    retry 5 key https://nvidia.github.io/libnvidia-container/gpgkey /usr/share/keyrings/nvidia-ctk.gpg
    echo 'deb [signed-by=/usr/share/keyrings/nvidia-ctk.gpg] https://nvidia.github.io/libnvidia-container/stable/deb/$(ARCH) /' \
      >/etc/apt/sources.list.d/nvidia-ctk.list
    retry 5 apt update
    retry 3 apt install nvidia-container-toolkit
  fi
fi

step containerd
command -v containerd >/dev/null || { retry 5 apt update; retry 3 apt install containerd; }
install -d -m 755 /etc/containerd
# Docker's containerd.io ships with the CRI plugin disabled, and GPU images come with Docker.
containerd config default | sed 's/SystemdCgroup = false/SystemdCgroup = true/' >/etc/containerd/config.toml
[[ $GPU != preinstalled ]] || nvidia-ctk runtime configure --runtime=containerd --set-as-default
systemctl enable containerd
systemctl restart containerd

step packages
MINOR=v$(cut -d. -f1,2 <<<"$VERSION")
install -d -m 755 /etc/apt/keyrings
retry 5 key "https://pkgs.k8s.io/core:/stable:/$MINOR/deb/Release.key" /etc/apt/keyrings/tgp-kubernetes.gpg
echo "deb [signed-by=/etc/apt/keyrings/tgp-kubernetes.gpg] https://pkgs.k8s.io/core:/stable:/$MINOR/deb/ /" \
  >/etc/apt/sources.list.d/tgp-kubernetes.list
retry 5 apt update
retry 3 apt install --allow-change-held-packages "kubelet=$VERSION-*" "kubeadm=$VERSION-*" kubernetes-cni cri-tools
apt-mark hold kubelet kubeadm
# kubeadm starts it, but does not see to it that it comes back after a reboot.
systemctl enable kubelet

step join
if [[ ! -e /etc/kubernetes/kubelet.conf ]]; then
  # With the token, so that it also works where nobody may ask anonymously.
  cat >"$RUN/discovery.conf" <<YAML
apiVersion: v1
kind: Config
clusters:
- name: cluster
  cluster: {server: "https://$API", certificate-authority-data: "$CA_B64"}
users:
- name: bootstrap
  user: {token: "$TOKEN"}
contexts:
- name: bootstrap
  context: {cluster: cluster, user: bootstrap}
current-context: bootstrap
YAML
  cat >"$RUN/join.yaml" <<YAML
apiVersion: kubeadm.k8s.io/v1beta4
kind: JoinConfiguration
discovery:
  file: {kubeConfigPath: "$RUN/discovery.conf"}
  tlsBootstrapToken: "$TOKEN"
nodeRegistration:
  name: "$NODE"
  criSocket: unix:///run/containerd/containerd.sock
  kubeletExtraArgs:
  - {name: node-labels, value: "$LABELS"}
  - {name: register-with-taints, value: "$TAINTS"}
YAML
  kubeadm join --config "$RUN/join.yaml" ||
    { kubeadm reset -f; sleep 15; kubeadm join --config "$RUN/join.yaml"; }
fi

step finish
touch "$STATE/done"
rm -f "$RUN"/{join.yaml,discovery.conf,auth}
`;
