# Stands in for golang:1.27-trixie where no registry can be reached.

# DEBIAN is a Debian trixie with the packages of buildpack-deps:scm and the compilers that the official image adds
ARG DEBIAN=stagecraft/stand-in-buildpack-deps:trixie-scm

# base knows which Go it gets, and where
FROM ${DEBIAN} AS base
# GOLANG_VERSION is a release whose sums are below
ARG GOLANG_VERSION=1.27.3
ENV GOLANG_VERSION=${GOLANG_VERSION} GOTOOLCHAIN=local GOPATH=/go
ENV PATH=${GOPATH}/bin:/usr/local/go/bin:${PATH}

# toolchain is Go as the module proxy publishes it
FROM base AS toolchain
# GOPROXY is a module proxy
ARG GOPROXY=https://proxy.golang.org
ARG TARGETARCH
COPY unpack-module.py /usr/local/lib/
RUN --mount=type=bind,from=ca,target=/ca <<'EOF'
set -eu
# What sum.golang.org has signed for golang.org/toolchain.
case $GOLANG_VERSION-$TARGETARCH in
1.27.3-amd64) sum=h1:r0ub+FnqzZxoWm/dSUOI9DcIqYWn/mNYGFJcv7PyBzs= ;;
1.27.3-arm64) sum=h1:VY4gDzfxOrsM17J2qtgZgiAIsWhp7XWK1jMfE3kXV0s= ;;
esac
curl --fail --silent --show-error --location --retry 3 --cacert /ca/ca.crt --output /go.zip \
  "$GOPROXY/golang.org/toolchain/@v/v0.0.1-go$GOLANG_VERSION.linux-$TARGETARCH.zip"
python3 /usr/local/lib/unpack-module.py /go.zip "$sum" /module
mkdir -p /rootfs/usr/local
mv /module/golang.org/toolchain@* /rootfs/usr/local/go
cd /rootfs/usr/local/go
# A module zip has no modes, and no go.mod but its own.
chmod +x bin/* pkg/tool/*/*
find . -name _go.mod -execdir mv {} go.mod ';'
EOF

FROM base

# No daemon starts while a package is installed: Debian's images say so, mmdebstrap takes its own file away again.
COPY --chmod=755 policy-rc.d /usr/sbin/
COPY --link --from=toolchain /rootfs/ /
RUN mkdir -p "$GOPATH/src" "$GOPATH/bin" && chmod -R 1777 "$GOPATH"
WORKDIR ${GOPATH}

# The network that hides the registry may also re-sign TLS: builds inside this image need the host's CAs.
COPY --from=ca --chmod=644 ca.crt /usr/local/share/host-ca.crt
ENV SSL_CERT_FILE=/usr/local/share/host-ca.crt
