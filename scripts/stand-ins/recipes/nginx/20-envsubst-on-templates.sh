#!/bin/sh
# Fills in the templates with the variables that are set, so that nginx's own, as $uri, stay as they are.
set -e

templates=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
suffix=${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
output=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}

say() {
  [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "${0##*/}: $*"
}

[ -d "$templates" ] || exit 0
if [ ! -w "$output" ]; then
  say "ERROR: there is $templates, but $output is not writable"
  exit 0
fi

variables=$(
  awk -v filter="${NGINX_ENVSUBST_FILTER:-}" \
    'BEGIN { for (name in ENVIRON) if (name ~ filter) printf "${%s} ", name }'
)
find "$templates" -follow -type f -name "*$suffix" | while read -r template; do
  name=${template#"$templates/"}
  target=$output/${name%"$suffix"}
  mkdir -p "$(dirname "$target")"
  say "filling in $template as $target"
  envsubst "$variables" <"$template" >"$target"
done
