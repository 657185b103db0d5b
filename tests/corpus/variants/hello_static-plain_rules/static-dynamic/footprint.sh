#!/bin/sh
# a named pipe as input; the program waits once /proc says that it sleeps in a read of descriptor 0
if [ $# -lt 1 ]; then
	echo "usage: footprint.sh PROGRAM [ARG...]" >&2
	exit 2
fi
command -v -- "$1" >/dev/null || { echo "footprint.sh: $1: not found" >&2; exit 1; }
d=$(mktemp -d) || exit 1
mkfifo "$d/in"
"$@" <"$d/in" >/dev/null 2>&1 &
p=$!
exec 3>"$d/in"
rm -r "$d"
read="$(cut -d ' ' -f 1 /proc/self/syscall) 0x0"
until [ "$(cut -d ' ' -f 1,2 "/proc/$p/syscall")" = "$read" ]; do
	sleep 0.02
done
awk '
function value(s,  i, v) {
	for (i = 1; i <= length(s); i++)
		v = v * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
	return v
}
{
	split($1, r, "-")
	kb += (value(r[2]) - value(r[1])) / 1024
	if ($NF ~ /\.so(\.[0-9.]+)?$/ && !seen[$NF]++)
		libraries++
}
END { printf "mappings %d\nlibraries %d\nsize %d\n", NR, libraries, kb }' "/proc/$p/maps"
echo >&3
exec 3>&-
wait $p
exit 0
