# Stands in for distroless images of Debian 13, as :nonroot, where no registry can be reached. Each stage that begins
# from nothing, or from another such stage, is an image.

# DEBIAN is a Debian trixie
ARG DEBIAN=stagecraft/stand-in-debian:trixie-slim

# debian can unpack them: `distroless` is a folder with all that is taken from Debian
FROM ${DEBIAN} AS debian
COPY --chmod=755 unpack-debs.sh /usr/local/bin/

# static-files are no programs at all: certificates, time zones, users
FROM debian AS static-files
WORKDIR /static
RUN --mount=type=bind,from=distroless,target=/debs <<'EOF'
set -eu
unpack-debs.sh base-files netbase tzdata tzdata-legacy media-types
root=/rootfs

# Of ca-certificates, distroless takes the bundle alone.
dpkg-deb -x /debs/ca-certificates_*.deb /ca
mkdir -p "$root/etc/ssl/certs"
cat /ca/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
mkdir -p "$root/usr/share/doc/ca-certificates"
cp /ca/usr/share/doc/ca-certificates/copyright "$root/usr/share/doc/ca-certificates/"

cat >"$root/etc/passwd" <<'EOP'
root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin
EOP
cat >"$root/etc/group" <<'EOP'
root:x:0:
nobody:x:65534:
tty:x:5:
staff:x:50:
nonroot:x:65532:
EOP
cat >"$root/etc/nsswitch.conf" <<'EOP'
passwd:         compat
group:          compat
shadow:         compat
hosts:          files dns
EOP
sed -i 's/^PRETTY_NAME=.*/PRETTY_NAME="Distroless"/' "$root/usr/lib/os-release"
install -d -m 0700 "$root/root"
install -d -m 0755 "$root/home"
install -d -m 0700 -o 65532 -g 65532 "$root/home/nonroot"
install -d -m 1777 "$root/tmp"
EOF

# base-files are the C library and OpenSSL
FROM debian AS base-files
WORKDIR /base
RUN --mount=type=bind,from=distroless,target=/debs unpack-debs.sh libc6 libssl3t64 libzstd1 zlib1g

# cc-files are the libraries of the C and C++ compilers
FROM debian AS cc-files
WORKDIR /cc
RUN --mount=type=bind,from=distroless,target=/debs unpack-debs.sh libgomp1 libstdc++6 libgcc-s1 gcc-14-base

# nodejs-files are Node and what it links to: `tools` is a node_modules folder, where node-linux-<arch> holds the official build
FROM debian AS nodejs-files
# LIBRARIES are the packages that it links to, beyond those of cc
ARG LIBRARIES=""
RUN --mount=type=bind,from=distroless,target=/debs unpack-debs.sh $LIBRARIES
RUN --mount=type=bind,from=tools,target=/tools <<'EOF'
set -eu
install -D /tools/node-linux-*/bin/node /rootfs/nodejs/bin/node
install -D -m 0644 /tools/node-linux-*/LICENSE /rootfs/nodejs/LICENSE
EOF

# static is gcr.io/distroless/static-debian13
FROM scratch AS static
COPY --from=static-files /rootfs/ /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 65532
WORKDIR /home/nonroot

# base is gcr.io/distroless/base-debian13
FROM static AS base
COPY --from=base-files /rootfs/ /

# cc is gcr.io/distroless/cc-debian13
FROM base AS cc
COPY --from=cc-files /rootfs/ /

# python-files are Debian's Python, and the cache of libraries that distroless makes for it
FROM debian AS python-files
WORKDIR /python
RUN --mount=type=bind,from=distroless,target=/debs <<'EOF'
set -eu
unpack-debs.sh libbz2-1.0 libdb5.3t64 libexpat1 liblzma5 libsqlite3-0 libuuid1 libncursesw6 libtinfo6 libcom-err2 \
  libcrypt1 libc-bin libgssapi-krb5-2 libk5crypto3 libkeyutils1 libkrb5-3 libkrb5support0 libnsl2 libreadline8t64 \
  libtirpc3t64 libffi8 libpython3.13-minimal libpython3.13-stdlib python3.13-minimal python3.13-venv
ln -s /usr/bin/python3.13 /rootfs/usr/bin/python
ln -s /usr/bin/python3.13 /rootfs/usr/bin/python3
EOF

RUN --mount=type=bind,from=cc,target=/cc <<'EOF'
set -eu
cp -R /cc /whole
cp -R /rootfs/. /whole/
ldconfig -r /whole
cp /whole/etc/ld.so.cache /rootfs/etc/
rm -r /whole
EOF

# nodejs is gcr.io/distroless/nodejs<line>-debian13
FROM cc AS nodejs
COPY --from=nodejs-files /rootfs/ /
ENTRYPOINT ["/nodejs/bin/node"]

# python is gcr.io/distroless/python3-debian13
FROM cc AS python
COPY --from=python-files /rootfs/ /
ENV LANG=C.UTF-8
ENTRYPOINT ["/usr/bin/python3.13"]
