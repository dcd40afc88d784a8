# check=error=true

# Stands in for node:24-trixie and node:24-trixie-slim where no registry can be reached.

# DEBIAN is the root that mmdebstrap made: Debian slim, or Debian with the packages of buildpack-deps
ARG DEBIAN=stagecraft/stand-in-debian:trixie-slim

FROM ${DEBIAN}

# No daemon starts while a package is installed: Debian's images say so, mmdebstrap takes its own file away again.
COPY --chmod=755 policy-rc.d /usr/sbin/

RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node

# NODE_VERSION is the version of npm's build of Node
ARG NODE_VERSION
ENV NODE_VERSION=${NODE_VERSION}

# OPENSSL_ARCHS is a find pattern of the OpenSSL header folders to keep: slim keeps its own, full keeps all
ARG OPENSSL_ARCHS=*

# `tools` is a node_modules folder: node-linux-<arch> holds the official build, npm and corepack the versions it ships with.
RUN --mount=type=bind,from=tools,target=/tools <<'EOF'
set -eu
cp -R /tools/node-linux-*/bin /tools/node-linux-*/include /tools/node-linux-*/share /usr/local/
cp /tools/node-linux-*/CHANGELOG.md /tools/node-linux-*/LICENSE /tools/node-linux-*/README.md /usr/local/
mkdir -p /usr/local/lib/node_modules
cp -R /tools/npm /tools/corepack /usr/local/lib/node_modules/
find /usr/local/include/node/openssl/archs -mindepth 1 -maxdepth 1 ! -name "$OPENSSL_ARCHS" -exec rm -r {} +
cd /usr/local/bin
ln -s /usr/local/bin/node nodejs
ln -s ../lib/node_modules/npm/bin/npm-cli.js npm
ln -s ../lib/node_modules/npm/bin/npx-cli.js npx
ln -s ../lib/node_modules/corepack/dist/corepack.js corepack
node --version
npm --version
rm -r /tmp/node-compile-cache
EOF

ENV YARN_VERSION=1.22.22
RUN --mount=type=bind,from=tools,target=/tools <<'EOF'
set -eu
cp -R /tools/yarn "/opt/yarn-v$YARN_VERSION"
ln -s "/opt/yarn-v$YARN_VERSION/bin/yarn" "/opt/yarn-v$YARN_VERSION/bin/yarnpkg" /usr/local/bin/
yarn --version
rm -r /tmp/v8-compile-cache-0
EOF

COPY docker-entrypoint.sh /usr/local/bin/

# The network that hides the registry may also re-sign TLS: builds inside this image need the host's CAs.
COPY --from=ca --chmod=644 ca.crt /usr/local/share/host-ca.crt
ENV NODE_EXTRA_CA_CERTS=/usr/local/share/host-ca.crt

ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]
