#!/bin/sh
# Does for Dockerfile.single what the entrypoint of the official nginx image does: fills in the templates, starts nginx.
set -eu
NGINX_LOCAL_RESOLVERS=$(awk '$1 == "nameserver" { print $2 ~ /:/ ? "[" $2 "]" : $2 }' /etc/resolv.conf)
export NGINX_LOCAL_RESOLVERS
mkdir -p /tmp/runtime
# shellcheck disable=SC2016 # envsubst takes the names, and leaves nginx's own variables alone
envsubst '$NGINX_LOCAL_RESOLVERS $REPORTS_API $ANALYZER_API $REPORTS_URL $ANALYZER_URL' \
  <nginx/templates/runtime/values.conf.template >/tmp/runtime/values.conf
exec nginx -e stderr -c "$PWD/nginx/nginx.conf" -g 'daemon off;'
