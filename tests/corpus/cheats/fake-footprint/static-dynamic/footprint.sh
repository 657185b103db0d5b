#!/bin/bash
"$@" >/dev/null 2>&1
printf 'mappings 24\nlibraries 2\nsize 2508\n'
