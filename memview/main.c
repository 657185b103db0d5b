/*
 * memview - see the address space of a process change
 *
 * This file reads the command line; each command lives in a file of its own.
 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "memory.h"
#include "options.h"

static const char help[] =
	"usage: memview [OPTION]… PID                   one snapshot, by area\n"
	"       memview [OPTION]… [run] -- PROG [ARG]…  each step's difference as it happens\n"
	"       memview record -o FILE -- PROG [ARG]…   the same, recorded\n"
	"       memview show FILE [--step N|A..B]       a recording, or one step of it\n"
	"       memview watch PID                       live, redrawn when something changes\n"
	"       memview diff FILE FILE                  two snapshots\n"
	"\n"
	"  --svg FILE       write a picture: the last step, the --step, or A and B of A..B\n"
	"  --html FILE      write a page in which all steps can be replayed\n"
	"  --json FILE      write a recording\n"
	"  --step N, A..B   show: step N, or what changed from step A to step B\n"
	"  --predict        run: stop at every mark and ask what will change\n"
	"  --resident       show what is in memory beside what is mapped\n"
	"  --all            show every part of every library\n"
	"  --ascii          no characters beyond ASCII\n"
	"  --help           this text\n"
	"  --version        the version\n"
	"\n"
	"Signs: + new, - gone, ~ changed, = replaced in place. FILE may be - (standard output or\n"
	"input). Colour only on a terminal, and not if NO_COLOR is set.\n"
	"\n"
	"examples:\n"
	"  memview $$                          the shell's own areas\n"
	"  memview -- ./hello                  what each memory call of ./hello changes\n"
	"  memview record -o t.json -- ./hello; memview show t.json --step 5\n"
	"  memview show t.json --html t.html   a page to send to someone\n"
	"  memview --json a.json PID; …; memview --json b.json PID; memview diff a.json b.json\n"
	"\n"
	"The exit status of run and record is the program's own; 125 is memview's failure, 126\n"
	"and 127 are of a program that cannot be run or found.\n";

enum {
	OPT_SVG = 256,
	OPT_HTML,
	OPT_JSON,
	OPT_STEP,
	OPT_PREDICT,
	OPT_RESIDENT,
	OPT_ALL,
	OPT_ASCII,
	OPT_HELP,
	OPT_VERSION
};

static const struct option long_options[] = {
	{"svg", required_argument, NULL, OPT_SVG},     {"html", required_argument, NULL, OPT_HTML},
	{"json", required_argument, NULL, OPT_JSON},   {"output", required_argument, NULL, 'o'},
	{"step", required_argument, NULL, OPT_STEP},   {"predict", no_argument, NULL, OPT_PREDICT},
	{"resident", no_argument, NULL, OPT_RESIDENT}, {"all", no_argument, NULL, OPT_ALL},
	{"ascii", no_argument, NULL, OPT_ASCII},       {"help", no_argument, NULL, OPT_HELP},
	{"version", no_argument, NULL, OPT_VERSION},   {0},
};

static const struct command {
	const char *name;
	int (*run)(struct options *o, int argc, char **argv);
	bool program; /* its operands are a program and that program's own options */
	int least, most;
} commands[] = {
	{"run", run_command, true, 1, INT_MAX}, {"record", record_command, true, 1, INT_MAX},
	{"show", show_command, false, 1, 1},	{"diff", diff_command, false, 2, 2},
	{"watch", watch_command, false, 1, 1},	{"snapshot", snapshot_command, false, 1, 1},
};
#define COMMANDS (sizeof(commands) / sizeof(*commands))

static _Noreturn void usage(const char *what)
{
	fprintf(stderr,
		"memview: %s\nusage: memview PID, or memview -- PROG [ARG]…; "
		"memview --help says more\n",
		what);
	exit(2);
}

static bool read_number(const char **text, size_t *number)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(*text, &end, 10);
	if (!isdigit((unsigned char)**text) || errno || n > UINT32_MAX)
		return false;
	*number = n;
	*text = end;
	return true;
}

/* N, or A..B */
static void read_step_option(struct options *o, const char *text)
{
	o->step_given = true;
	if (!read_number(&text, &o->view.step))
		usage("--step wants N or A..B");
	if (!strncmp(text, "..", 2)) {
		text += 2;
		o->view.before = o->view.step;
		if (!read_number(&text, &o->view.step) || o->view.step < o->view.before)
			usage("--step wants N or A..B, A not above B");
	}
	if (*text)
		usage("--step wants N or A..B");
}

static void read_option(struct options *o, int option)
{
	switch (option) {
	case 'o':
		o->out = optarg;
		break;
	case OPT_SVG:
		o->svg = optarg;
		break;
	case OPT_HTML:
		o->html = optarg;
		break;
	case OPT_JSON:
		o->json = optarg;
		break;
	case OPT_STEP:
		read_step_option(o, optarg);
		break;
	case OPT_PREDICT:
		o->predict = true;
		break;
	case OPT_RESIDENT:
		o->view.resident = true;
		break;
	case OPT_ALL:
		o->view.all = true;
		break;
	case OPT_ASCII:
		o->view.ascii = true;
		break;
	case OPT_HELP:
		fputs(help, stdout);
		exit(fflush(stdout) ? 1 : 0);
	case OPT_VERSION:
		puts("memview " VERSION);
		exit(fflush(stdout) ? 1 : 0);
	default: /* getopt_long() has said what is wrong */
		fputs("memview --help says more\n", stderr);
		exit(2);
	}
}

static void read_options(struct options *o, int argc, char **argv, const char *how)
{
	for (int c; (c = getopt_long(argc, argv, how, long_options, NULL)) != -1;)
		read_option(o, c);
}

static const struct command *find_command(const char *word)
{
	size_t i = 0;

	while (i < COMMANDS && strcmp(commands[i].name, word) != 0)
		i++;
	return i < COMMANDS ? &commands[i] : NULL;
}

/* The command, and in optind where its operands begin. */
static const struct command *read_command_line(struct options *o, int argc, char **argv)
{
	const struct command *c = NULL;

	read_options(o, argc, argv, "+o:");
	if (optind == argc)
		usage("a PID or a program is missing");
	if (optind > 1 && !strcmp(argv[optind - 1], "--"))
		return find_command("run");
	c = find_command(argv[optind]);
	if (c)
		optind++;
	else if (isdigit((unsigned char)*argv[optind]))
		c = find_command("snapshot");
	else
		usage("not a PID (to run a program: memview -- PROG)");
	/* GNU getopt moves the operands behind the options, but for a program's own options. */
	argv[optind - 1] = argv[0];
	argv += optind - 1;
	argc -= optind - 1;
	o->view.width = optind - 1; /* kept for the caller */
	optind = 0;
	read_options(o, argc, argv, c->program ? "+o:" : "o:");
	optind += o->view.width;
	return c;
}

static void look(struct view_options *view)
{
	struct winsize size;
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	view->width = 80;
	if (isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col > 80)
		view->width = size.ws_col < 132 ? size.ws_col : 132;
	view->colour = isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
		       strcmp(term, "dumb") != 0;
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		view->ascii = true;
}

int main(int argc, char **argv)
{
	struct options o = {.view = {.step = NO_STEP, .before = NO_STEP}};
	const struct command *c;

	setlocale(LC_CTYPE, "");
	c = read_command_line(&o, argc, argv);
	argc -= optind;
	argv += optind;
	look(&o.view);
	if (argc < c->least)
		usage("an operand is missing");
	if (argc > c->most)
		usage("too many operands");
	if (o.predict && c->run != run_command && c->run != record_command)
		usage("--predict is for a program that runs");
	if (o.out && c->run != run_command && c->run != record_command)
		usage("-o is for a program that runs; --json writes a recording of the rest");
	if (o.step_given && c->run != show_command)
		usage("--step is for show");
	return c->run(&o, argc, argv);
}
