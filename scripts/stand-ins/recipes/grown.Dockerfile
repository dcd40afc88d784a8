# Adds packages to a Debian root that mmdebstrap made.

# DEBIAN is that root
ARG DEBIAN=stagecraft/stand-in-buildpack-deps:trixie-scm

FROM ${DEBIAN}
# PACKAGES are their names
ARG PACKAGES
# `apt` has the index of packages
RUN --mount=type=bind,from=apt,target=/apt <<'EOF'
set -eu
export APT_CONFIG=/apt/apt.conf DEBIAN_FRONTEND=noninteractive
apt-get install --yes --no-install-recommends $PACKAGES
find /var/log -type f -delete
EOF
