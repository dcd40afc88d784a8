# A registry from Debian's package, on the base that is always there: it needs no registry to come from.
FROM node:26-trixie-slim
RUN <<EOF
set -eu
apt-get update
apt-get install -y --no-install-recommends docker-registry
rm -rf /var/lib/apt/lists/*
EOF

COPY registry.yml /etc/docker/registry/config.yml
EXPOSE 5000
CMD ["docker-registry", "serve", "/etc/docker/registry/config.yml"]
