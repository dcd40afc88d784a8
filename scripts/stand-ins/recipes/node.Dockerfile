# Stands in for node:<line>-trixie and node:<line>-trixie-slim where no registry can be reached.

# DEBIAN is a Debian trixie: slim, or with the packages of buildpack-deps
ARG DEBIAN=stagecraft/stand-in-debian:trixie-slim

# BUILDER is a slim Debian trixie: its layers serve every DEBIAN
ARG BUILDER=stagecraft/stand-in-debian:trixie-slim

# files are what the official image has in /usr/local and /opt. `tools` is a node_modules folder: node-linux-<arch> holds the
# official build; npm, up to Node 24 corepack and yarn, the versions it ships with
FROM ${BUILDER} AS files
# OPENSSL_ARCH is the folder of OpenSSL headers that the slim image keeps
ARG OPENSSL_ARCH
RUN --mount=type=bind,from=tools,target=/tools <<'EOF'
set -eu
mkdir -p /node/usr/local/lib/node_modules /yarn/opt /yarn/usr/local/bin
cd /node/usr/local
cp -R /tools/node-linux-*/bin /tools/node-linux-*/include /tools/node-linux-*/share .
cp /tools/node-linux-*/CHANGELOG.md /tools/node-linux-*/LICENSE /tools/node-linux-*/README.md .
cp -R /tools/npm lib/node_modules/
ln -s /usr/local/bin/node bin/nodejs
ln -s ../lib/node_modules/npm/bin/npm-cli.js bin/npm
ln -s ../lib/node_modules/npm/bin/npx-cli.js bin/npx
if [ -d /tools/corepack ]; then
  cp -R /tools/corepack lib/node_modules/
  ln -s ../lib/node_modules/corepack/dist/corepack.js bin/corepack
fi
archs=include/node/openssl/archs
mkdir -p "/archs/usr/local/$archs"
find "$archs" -mindepth 1 -maxdepth 1 ! -name "$OPENSSL_ARCH" -exec mv {} "/archs/usr/local/$archs/" ';'

if [ -d /tools/yarn ]; then
  version=$(sed -n 's/.*"version": "\(.*\)".*/\1/p' /tools/yarn/package.json)
  cp -R /tools/yarn "/yarn/opt/yarn-v$version"
  ln -s "/opt/yarn-v$version/bin/yarn" "/opt/yarn-v$version/bin/yarnpkg" /yarn/usr/local/bin/
fi
EOF

# slim is the image on a slim Debian
FROM ${DEBIAN} AS slim

# No daemon starts while a package is installed: Debian's images say so, mmdebstrap takes its own file away again.
COPY --chmod=755 policy-rc.d /usr/sbin/

# LIBRARIES are the packages that Node links to; `apt` is the index of trixie's packages
ARG LIBRARIES=""
RUN --mount=type=bind,from=apt,target=/apt --mount=type=bind,from=files,source=/node,target=/node <<'EOF'
set -eu
groupadd --gid 1000 node
useradd --uid 1000 --gid node --shell /bin/bash --create-home node
if [ -n "$LIBRARIES" ]; then
  export APT_CONFIG=/apt/apt.conf DEBIAN_FRONTEND=noninteractive
  apt-get install --yes --no-install-recommends $LIBRARIES
  find /var/log -type f -delete
fi
/node/usr/local/bin/node --version
EOF

# NODE_VERSION is the version of npm's build of Node
ARG NODE_VERSION
ENV NODE_VERSION=${NODE_VERSION}

COPY --link --from=files /node/ /

COPY docker-entrypoint.sh /usr/local/bin/

# The network that hides the registry may also re-sign TLS: builds inside this image need the host's CAs.
COPY --from=ca --chmod=644 ca.crt /usr/local/share/host-ca.crt
ENV NODE_EXTRA_CA_CERTS=/usr/local/share/host-ca.crt

ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]

# full is the image on buildpack-deps
FROM slim AS full
COPY --link --from=files /archs/ /

# slim-yarn is slim as it was until Node 25
FROM slim AS slim-yarn
ENV YARN_VERSION=1.22.22
COPY --link --from=files /yarn/ /

# full-yarn is full as it was until Node 25
FROM full AS full-yarn
ENV YARN_VERSION=1.22.22
COPY --link --from=files /yarn/ /
