#!/bin/bash
if [ "$#" = 0 ]; then
    echo "usage: $0 PROGRAM [ARG]..." >&2
    exit 2
fi
if ! type "$1" >/dev/null 2>&1; then
    echo "$0: $1: not found" >&2
    exit 1
fi
exec 9<> <(:)
"$@" <&9 &>/dev/null &
child=$!
read -r read _ </proc/self/syscall
until [[ $(</proc/$child/syscall) == "$read 0x0 "* ]]; do
    sleep 0.05
done
cat /proc/$child/maps | {
    n=0
    sum=0
    libs=""
    while read -r range _ _ _ _ name; do
        n=$((n + 1))
        sum=$((sum + 0x${range#*-} - 0x${range%-*}))
        case $name in
            *.so | *.so.[0-9]*) libs+="$name"$'\n' ;;
        esac
    done
    echo "mappings $n"
    echo "libraries $(printf %s "$libs" | sort -u | wc -l)"
    echo "size $((sum / 1024))"
}
echo "now you may go" >&9
wait
