#!/usr/bin/env python3
# extend_mem_area.py - double a string at each step, from 1 KB to 64 MB
#
# usage: ./extend_mem_area.py
#
# Watch: `memview PID` or `pmap PID` at each stop (the first line has the PID). A string is never
# changed: the doubled one is new, and the old one is freed. So long as it is small the heap grows;
# from which size on is it an area of its own? Press Enter for the next step.
import os
import sys

KB = 1024

text = "x" * KB
print("pid", os.getpid())
while True:
    print(len(text) // KB, "KB at", hex(id(text)), flush=True)
    if not sys.stdin.readline() or len(text) >= 64 * KB * KB:
        break
    text += text
