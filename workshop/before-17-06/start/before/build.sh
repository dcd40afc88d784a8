#!/bin/sh
# The builder pattern, as it was before Docker 17.06: two Dockerfiles, and a container to copy out of.
set -e
docker build -t greeter:build -f before/Dockerfile.build .
docker create --name greeter-build greeter:build
docker cp greeter-build:/app/server.min.js before/server.min.js
docker rm greeter-build
docker build -t greeter before
rm before/server.min.js
