# check=error=true

# Stands in for gcr.io/distroless/nodejs24-debian13:nonroot where no registry can be reached.

# DEBIAN is a Debian trixie with apt
ARG DEBIAN=stagecraft/stand-in-debian:trixie-slim

# rootfs unpacks the packages of distroless static, base and cc, and adds Node and nothing else
FROM ${DEBIAN} AS rootfs
WORKDIR /debs
RUN <<'EOF'
set -eu
apt-get update
apt-get download base-files netbase tzdata tzdata-legacy media-types ca-certificates \
  libc6 libssl3t64 libzstd1 zlib1g libgomp1 libstdc++6 libgcc-s1 gcc-14-base
root=/rootfs
mkdir -p "$root/var/lib/dpkg/status.d"
for deb in *.deb; do
  name=$(dpkg-deb -f "$deb" Package)
  # Of ca-certificates, distroless takes the bundle alone.
  [ "$name" = ca-certificates ] && continue
  dpkg-deb -f "$deb" >"$root/var/lib/dpkg/status.d/$name"
  dpkg-deb --ctrl-tarfile "$deb" | tar -xO ./md5sums >"$root/var/lib/dpkg/status.d/$name.md5sums" || true
  dpkg-deb -x "$deb" "$root"
done
dpkg-deb -x ca-certificates_*.deb /ca
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
RUN --mount=type=bind,from=tools,target=/tools <<'EOF'
set -eu
install -D /tools/node-linux-*/bin/node /rootfs/nodejs/bin/node
install -D -m 0644 /tools/node-linux-*/LICENSE /rootfs/nodejs/LICENSE
EOF

FROM scratch
COPY --from=rootfs /rootfs/ /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 65532
WORKDIR /home/nonroot
ENTRYPOINT ["/nodejs/bin/node"]
