# Stands in for nginx:1.30-trixie where no registry can be reached: Debian's build of nginx in the layout of nginx.org's.

# DEBIAN is a Debian trixie with apt
ARG DEBIAN=stagecraft/stand-in-debian:trixie-slim

# packages collects what the product installs: from Debian trixie with dependencies, by the index in `apt`, and from `nginx`,
# a folder with the nginx of a later Debian and the pcre2 that it is linked with
FROM ${DEBIAN} AS packages
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ENV APT_CONFIG=/apt/apt.conf
RUN --mount=type=bind,from=apt,target=/apt <<'EOF'
set -eu
mkdir -p /rootfs/partial
apt-get install --yes --no-install-recommends --download-only -o Dir::Cache::archives=/rootfs \
  ca-certificates curl gettext-base
EOF

COPY nginx/nginx.conf /package/etc/nginx/
COPY nginx/default.conf /package/etc/nginx/conf.d/
COPY nginx/50x.html /package/usr/share/nginx/html/
# One package in nginx.org's layout, so that dpkg knows the files, and which of them are configuration, as it does there.
RUN --mount=type=bind,from=nginx,target=/nginx <<'EOF'
set -eu
dpkg-deb -x /nginx/nginx_*.deb /debian
dpkg-deb -x /nginx/nginx-common_*.deb /debian
cd /package
mkdir -p DEBIAN usr/sbin usr/share/doc usr/lib/nginx/modules var/log/nginx var/cache/nginx
cp /debian/usr/sbin/nginx usr/sbin/
# nginx.org has a second program that can debug; Debian's can.
cp usr/sbin/nginx usr/sbin/nginx-debug
cp /debian/usr/share/nginx/html/index.html usr/share/nginx/html/
cp -R /debian/usr/share/doc/nginx usr/share/doc/
for file in mime.types fastcgi_params scgi_params uwsgi_params; do cp "/debian/etc/nginx/$file" etc/nginx/; done
ln -s /usr/lib/nginx/modules etc/nginx/modules
# Debian's nginx keeps temporary files here: now what must be writable is what must be on the official image.
mkdir -p var/lib
ln -s ../cache/nginx var/lib/nginx
ln -s /dev/stdout var/log/nginx/access.log
ln -s /dev/stderr var/log/nginx/error.log

find etc -type f -printf '/%p\n' >DEBIAN/conffiles
cat >DEBIAN/control <<EOC
Package: nginx
Version: $(dpkg-deb -f /nginx/nginx_*.deb Version)
Architecture: $(dpkg --print-architecture)
Maintainer: Stagecraft
Depends: $(dpkg-deb -f /nginx/nginx_*.deb Depends | sed 's/nginx-common[^,]*, //')
Description: Debian's nginx in the layout of nginx.org's packages
EOC
chmod -R u=rwX,go=rX .
dpkg-deb --root-owner-group --build . /rootfs/nginx.deb
cp /nginx/libpcre2-8-0_*.deb /rootfs/
EOF

FROM ${DEBIAN}

# No daemon starts while a package is installed: Debian's images say so, mmdebstrap takes its own file away again.
COPY --chmod=755 policy-rc.d /usr/sbin/

# NGINX_VERSION is that of Debian's build
ARG NGINX_VERSION
ENV NGINX_VERSION=${NGINX_VERSION}

RUN --mount=type=bind,from=packages,source=/rootfs,target=/packages <<'EOF'
set -eu
# The official image's Debian comes without it.
dpkg --purge adduser
groupadd --system --gid 101 nginx
useradd --system --uid 101 --gid nginx --no-create-home --home /nonexistent --comment 'nginx user' --shell /bin/false nginx
DEBIAN_FRONTEND=noninteractive dpkg --install /packages/*.deb
mkdir /docker-entrypoint.d
rm -f /var/log/dpkg.log /var/log/alternatives.log
nginx -v
EOF

COPY --chmod=755 nginx/docker-entrypoint.sh /
COPY --chmod=755 nginx/10-listen-on-ipv6-by-default.sh /docker-entrypoint.d/
COPY --chmod=755 nginx/15-local-resolvers.envsh /docker-entrypoint.d/
COPY --chmod=755 nginx/20-envsubst-on-templates.sh /docker-entrypoint.d/
COPY --chmod=755 nginx/30-tune-worker-processes.sh /docker-entrypoint.d/
ENTRYPOINT ["/docker-entrypoint.sh"]
EXPOSE 80
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
