#!/bin/sh
echo starting
exec clock
