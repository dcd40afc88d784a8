#!/bin/sh
# What has to happen before the server starts
echo "starting at $(date)"
node server.js "$@" &
trap "kill $!" TERM
wait
