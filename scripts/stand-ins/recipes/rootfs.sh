#!/bin/sh
# Gives a fresh Debian root the configuration of the official Debian images. Called by mmdebstrap: $1 is the root.
set -eu
cd "$1"

# apt and dpkg as debuerreotype's minimizing configuration has them: nothing cached, nothing translated.
cat >etc/apt/apt.conf.d/docker-clean <<'EOF'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
EOF
echo 'Acquire::GzipIndexes "true";' >etc/apt/apt.conf.d/docker-gzip-indexes
echo 'Acquire::Languages "none";' >etc/apt/apt.conf.d/docker-no-languages
echo 'Apt::AutoRemove::SuggestsImportant "false";' >etc/apt/apt.conf.d/docker-autoremove-suggests
echo force-unsafe-io >etc/dpkg/dpkg.cfg.d/docker-apt-speedup
# The slim root was unpacked without manuals and translations; later installs in it are pruned alike.
grep '^path-' etc/dpkg/dpkg.cfg.d/99mmdebstrap >etc/dpkg/dpkg.cfg.d/docker || rm etc/dpkg/dpkg.cfg.d/docker
rm -f etc/apt/apt.conf.d/99mmdebstrap etc/dpkg/dpkg.cfg.d/99mmdebstrap

rm -f etc/apt/sources.list
cat >etc/apt/sources.list.d/debian.sources <<'EOF'
Types: deb
URIs: http://deb.debian.org/debian
Suites: trixie trixie-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.pgp

Types: deb
URIs: http://deb.debian.org/debian-security
Suites: trixie-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.pgp
EOF

rm -f etc/machine-id etc/resolv.conf etc/hostname
find var/log -type f -delete
rm -f var/cache/apt/*.bin
