#!/bin/sh
# Sets worker_processes to the container's share of the CPUs, rounded up, where cgroup v2 tells it. Off by default.
set -e

conf=/etc/nginx/nginx.conf

[ -n "${NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE:-}" ] || exit 0
if ! touch "$conf" 2>/dev/null; then
  [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "${0##*/}: error: $conf cannot be changed (read-only file system?)"
  exit 0
fi

workers=$(nproc)
if read -r quota period 2>/dev/null </sys/fs/cgroup/cpu.max && [ "$quota" != max ]; then
  share=$(((quota + period - 1) / period))
  [ "$share" -ge "$workers" ] || workers=$share
fi
sed -i -E "s/^worker_processes .*;$/worker_processes $workers;/" "$conf"
