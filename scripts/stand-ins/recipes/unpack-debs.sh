#!/bin/sh
# Downloads packages here, an empty folder, and unpacks them into /rootfs as distroless does: no script of theirs runs, and
# dpkg's status.d alone knows of them.
set -eu
apt-get download "$@"
mkdir -p /rootfs/var/lib/dpkg/status.d
for deb in *.deb; do
  name=$(dpkg-deb -f "$deb" Package)
  dpkg-deb -f "$deb" >"/rootfs/var/lib/dpkg/status.d/$name"
  dpkg-deb --ctrl-tarfile "$deb" | tar -xO ./md5sums >"/rootfs/var/lib/dpkg/status.d/$name.md5sums" || true
  dpkg-deb -x "$deb" /rootfs
done
