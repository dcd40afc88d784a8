# Stands in for rust:1.98-trixie and rust:1.98-slim-trixie where no registry can be reached: Debian's Rust in the layout
# of rustup's.

# DEBIAN is a Debian trixie: slim, or with the packages of buildpack-deps
ARG DEBIAN=stagecraft/stand-in-debian:trixie-slim

# BUILDER is a slim Debian trixie: one build serves every DEBIAN
ARG BUILDER=stagecraft/stand-in-debian:trixie-slim

FROM ${BUILDER} AS builder

# debian finds packages in the index that the host has fetched, the context `apt`
FROM builder AS debian
ENV APT_CONFIG=/apt/apt.conf

# toolchain is what rustup's minimal profile leaves. `rust` is a folder with the rustc, cargo and libstd of a later
# Debian; the libraries that they need are trixie's, and come along
FROM debian AS toolchain
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN --mount=type=bind,from=rust,target=/rust --mount=type=bind,from=apt,target=/apt <<'EOF'
set -eu
llvm=$(dpkg-deb --field /rust/libstd-rust-[0-9]*.deb Depends | grep -o 'libllvm[0-9]*')
apt-get install --yes --no-install-recommends patchelf "$llvm" libgit2-1.9 libcurl4t64
EOF

COPY repack-rust.sh /build/
# RUST_VERSION is that of rustc
ARG RUST_VERSION
RUN --mount=type=bind,from=rust,target=/rust --mount=type=bind,from=builder,target=/builder \
  sh /build/repack-rust.sh /rust /builder "$RUST_VERSION"

# packages are those that the official slim image installs, with what they depend on
FROM debian AS packages
RUN --mount=type=bind,from=apt,target=/apt <<'EOF'
set -eu
mkdir -p /debs/partial
apt-get install --yes --no-install-recommends --download-only -o Dir::Cache::archives=/debs ca-certificates gcc libc6-dev
EOF

FROM ${DEBIAN} AS full

# No daemon starts while a package is installed: Debian's images say so, mmdebstrap takes its own file away again.
COPY --chmod=755 policy-rc.d /usr/sbin/

# RUST_VERSION is that of rustc
ARG RUST_VERSION
ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo RUST_VERSION=${RUST_VERSION}
ENV PATH=${CARGO_HOME}/bin:${PATH}

COPY --link --from=toolchain /rootfs/ /

# The network that hides the registry may also re-sign TLS: builds inside this image need the host's CAs.
COPY --from=ca --chmod=644 ca.crt /usr/local/share/host-ca.crt
ENV CARGO_HTTP_CAINFO=/usr/local/share/host-ca.crt

FROM full AS slim
RUN --mount=type=bind,from=packages,source=/debs,target=/debs <<'EOF'
set -eu
# The official image's Debian comes without it.
dpkg --purge adduser
DEBIAN_FRONTEND=noninteractive dpkg --install /debs/*.deb
rm -f /var/log/dpkg.log /var/log/alternatives.log
EOF
