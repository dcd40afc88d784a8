#!/bin/sh
# The contract of the official image's entrypoint: before nginx starts, what /docker-entrypoint.d holds configures it, in
# the order of names. A script must be executable; one that fails ends the container.
set -e

say() {
  [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$0: $*"
}

scripts() {
  find /docker-entrypoint.d/ -follow -type f | sort -V
}

case "${1-}" in
nginx | nginx-debug)
  [ -n "$(scripts)" ] || say "nothing in /docker-entrypoint.d/"
  # The loop is a process of its own: what a sourced script exports reaches those after it, and not nginx.
  scripts | while read -r script; do
    case "$script" in
    *.sh | *.envsh) ;;
    *)
      say "ignoring $script: neither .sh nor .envsh"
      continue
      ;;
    esac
    if [ ! -x "$script" ]; then
      say "ignoring $script: not executable"
    elif [ "$script" = "${script%.envsh}" ]; then
      say "running $script"
      "$script"
    else
      say "sourcing $script"
      . "$script"
    fi
  done
  ;;
esac

exec "$@"
