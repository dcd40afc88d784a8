# Stands in for python:3.13-trixie and python:3.13-slim-trixie where no registry can be reached: upstream's standard
# library around Debian's build of the same version, which compiles in seconds what takes minutes as a whole.

# DEBIAN is a Debian trixie: slim, or with the packages of buildpack-deps
ARG DEBIAN=stagecraft/stand-in-debian:trixie-slim

# BUILDER is a Debian trixie with the packages of buildpack-deps: one build serves every DEBIAN
ARG BUILDER=stagecraft/stand-in-buildpack-deps:trixie

# interpreter is what upstream's `make install` leaves in /usr/local. `python` is a folder with upstream's sources, and with
# the libpython, the extension modules and the headers of a later Debian; `apt` is the index of trixie's packages
FROM ${BUILDER} AS interpreter
ENV APT_CONFIG=/apt/apt.conf
RUN --mount=type=bind,from=apt,target=/apt apt-get install --yes --no-install-recommends tk-dev
COPY repack-python.sh python.c /build/
RUN --mount=type=bind,from=python,target=/python sh /build/repack-python.sh /python

# packages are those that the official image installs, with what they depend on
FROM ${DEBIAN} AS packages
ENV APT_CONFIG=/apt/apt.conf
# PACKAGES are their names
ARG PACKAGES
RUN --mount=type=bind,from=apt,target=/apt <<'EOF'
set -eu
mkdir -p /debs/partial
apt-get install --yes --no-install-recommends --download-only -o Dir::Cache::archives=/debs $PACKAGES
EOF

FROM ${DEBIAN}

# No daemon starts while a package is installed: Debian's images say so, mmdebstrap takes its own file away again.
COPY --chmod=755 policy-rc.d /usr/sbin/

ENV PATH=/usr/local/bin:${PATH}

RUN --mount=type=bind,from=packages,source=/debs,target=/debs <<'EOF'
set -eu
DEBIAN_FRONTEND=noninteractive dpkg --install /debs/*.deb
rm -f /var/log/dpkg.log /var/log/alternatives.log
EOF

# PYTHON_VERSION is that of the sources
ARG PYTHON_VERSION
ENV PYTHON_VERSION=${PYTHON_VERSION}

COPY --link --from=interpreter /usr/local/ /usr/local/
RUN ldconfig && PYTHONDONTWRITEBYTECODE=1 pip --version

# The network that hides the registry may also re-sign TLS: builds inside this image need the host's CAs.
COPY --from=ca --chmod=644 ca.crt /usr/local/share/host-ca.crt
ENV PIP_CERT=/usr/local/share/host-ca.crt

CMD ["python3"]
