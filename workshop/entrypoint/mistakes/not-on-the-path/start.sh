#!/bin/sh
echo "starting at $(date)"
exec node server.js "$@"
