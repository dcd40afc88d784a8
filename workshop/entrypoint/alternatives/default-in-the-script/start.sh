#!/bin/sh
# What has to happen before the server starts
echo "starting at $(date)"
[ $# -gt 0 ] || set -- --name world
exec node server.js "$@"
