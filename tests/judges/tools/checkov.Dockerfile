# check=error=true
# What checkov finds in the Dockerfiles of the build context, as a file in JSON.
FROM python:3.13-slim-trixie AS judge
ARG CHECKOV_VERSION=3.3.30
RUN --mount=type=cache,target=/root/.cache/pip pip install checkov==$CHECKOV_VERSION
WORKDIR /src
COPY judged ./judged
RUN checkov --directory=judged --framework=dockerfile --output=json --quiet --compact --soft-fail > /findings.json

FROM scratch
COPY --from=judge /findings.json /
