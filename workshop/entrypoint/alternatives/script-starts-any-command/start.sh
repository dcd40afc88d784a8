#!/bin/sh
# What has to happen before the server starts
echo "starting at $(date)"
exec "$@"
