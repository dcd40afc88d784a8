#!/bin/sh
# Lets the default server listen on IPv6 too, where there is IPv6 and default.conf is as the package has it.
set -e

conf=/etc/nginx/conf.d/default.conf

say() {
  [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "${0##*/}: $*"
}

stop() {
  say "$@"
  exit 0
}

[ -f /proc/net/if_inet6 ] || stop "no IPv6 here"
[ -f "$conf" ] || stop "no $conf"
touch "$conf" 2>/dev/null || stop "$conf cannot be changed (read-only file system?)"
! grep -q 'listen  \[::\]:80;' "$conf" || stop "$conf listens on IPv6 already"

packaged=$(dpkg-query --show --showformat='${Conffiles}\n' nginx | awk -v path="$conf" '$1 == path { print $2 }')
echo "$packaged  $conf" | md5sum --check --status - || stop "$conf differs from the packaged version"

sed -i 's/listen       80;/&\n    listen  [::]:80;/' "$conf"
say "$conf listens on IPv6"
