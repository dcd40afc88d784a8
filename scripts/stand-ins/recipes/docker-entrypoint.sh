#!/bin/sh
# The contract of the official image's entrypoint: a flag, an unknown command or a plain file goes to node.
set -e
case "${1-}" in
-*) set -- node "$@" ;;
*) if [ -z "$(command -v -- "${1-}")" ] || { [ -f "$1" ] && [ ! -x "$1" ]; }; then set -- node "$@"; fi ;;
esac
exec "$@"
