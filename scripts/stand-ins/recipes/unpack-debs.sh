#!/bin/sh
# Unpacks packages out of /debs into /rootfs as distroless does: no script of theirs runs, and dpkg's status.d alone knows
# of them.
set -eu
mkdir -p /rootfs/var/lib/dpkg/status.d
for name; do
  deb=$(echo "/debs/${name}"_*.deb)
  dpkg-deb -f "$deb" >"/rootfs/var/lib/dpkg/status.d/$name"
  dpkg-deb --ctrl-tarfile "$deb" | tar -xO ./md5sums >"/rootfs/var/lib/dpkg/status.d/$name.md5sums" || true
  dpkg-deb -x "$deb" /rootfs
done
