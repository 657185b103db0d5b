# report.awk - one topic's tests as text: a line each in 72 columns, under a failed one what failed and why
#
# usage: awk -f report.awk -v topic=TOPIC -v only=PROGRAM -v colour=0|1 rubric.tsv verdicts
#
# A failure that differs from an earlier one of the same program in no more than addresses is told in one line, by its title.
#
# Reads the rubric (id, milli-points, star, needs, heading, title) and the verdicts (id, status, ms, expected, got, why,
# read); both have passed through lab.bash, so all text is printable ASCII already.

BEGIN {
	FS = "\t"
	width = 72
	print topic
}

FILENAME ~ /rubric\.tsv$/ {
	split($1, part, ".")
	if (part[1] == topic && (only == "" || part[2] == only)) {
		order[++count] = $1
		points[$1] = $2
		star[$1] = $3
		title[$1] = $6
	}
	next
}

{
	status[$1] = $2
	for (i = 4; i <= 7; i++)
		detail[$1, i] = $i
}

# amount(MP) - milli-points as points, without needless zeroes
function amount(mp, s) {
	s = sprintf("%.2f", mp / 1000)
	sub(/\.?0+$/, "", s)
	return s
}

function paint(code, text) {
	return colour ? "\033[" code "m" text "\033[0m" : text
}

# tell(LABEL, TEXT) - a labelled text, wrapped, its own line breaks kept
function tell(label, text, lines, n, i) {
	gsub(/\\\\/, "\002", text) # first: what follows a written-out backslash is no escape
	gsub(/\\n/, "\001", text)
	gsub(/\\t/, "  ", text)
	gsub(/\002/, "\\", text)
	n = split(text, lines, "\001")
	for (i = 1; i <= n; i++)
		label = wrap(label, lines[i])
}

# first_like(ID) - the title of the program's first failed test that expected and got the same as this one, addresses
# aside; empty if this is the first
function first_like(id, program, same) {
	program = title[id]
	sub(/:.*/, "", program)
	same = program FS detail[id, 4] FS detail[id, 5]
	gsub(/0x[0-9a-f]+/, "0x", same)
	if (same in first)
		return first[same]
	first[same] = title[id]
	return ""
}

function wrap(label, text, cut, line) {
	while (length(text) > width - 16) {
		for (cut = width - 16; cut > 20 && substr(text, cut, 1) != " "; cut--)
			;
		if (cut <= 20)
			cut = width - 16
		line = substr(text, 1, cut)
		sub(/ +$/, "", line)
		printf "      %-10s%s\n", label, line
		text = substr(text, cut + 1)
		sub(/^ +/, "", text)
		label = ""
	}
	printf "      %-10s%s\n", label, text
	return ""
}

END {
	word["pass"] = "passed"
	word["skip"] = word["absent"] = "skipped"
	word["timeout"] = word["fail"] = "failed"
	for (i = 1; i <= count; i++) {
		id = order[i]
		verdict = id in status ? status[id] : "error"
		name = verdict in word ? word[verdict] : "error"
		got = verdict == "pass" ? amount(points[id]) : "0"
		head = title[id] (star[id] == "star" ? " (star)" : "") " "
		tail = sprintf(" %s ... %3s", name, got)
		dots = sprintf("%" (width - length(head) - length(tail)) "s", "")
		gsub(/ /, ".", dots)
		line = head dots tail
		print verdict == "pass" ? paint("32", line) : name == "skipped" ? paint("33", line) : paint("31", line)
		if (verdict == "pass")
			continue
		if (!(id in status)) {
			tell("got", "the test left no verdict: the checker's own fault, and no mark")
		} else if (name == "skipped") {
			tell("", detail[id, 5])
		} else if ((as = first_like(id)) != "") {
			tell("same as", as)
		} else {
			for (field = 4; field <= 7; field++)
				if (detail[id, field] != "")
					tell(field == 4 ? "expected" : field == 5 ? "got" : field == 6 ? "why" : "read", detail[id, field])
		}
	}
	print ""
}
