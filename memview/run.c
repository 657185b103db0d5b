/*
 * run.c - the commands run and record: a program, step by step
 */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"
#include "options.h"
#include "predict.h"
#include "tracer.h"

/* Where the program is: as the shell finds it. NULL if nowhere. */
static char *find_program(const char *name)
{
	const char *path = getenv("PATH");
	char *found;

	if (strchr(name, '/') || !path)
		return fresh(name, strlen(name) + 1);
	while (*path) {
		size_t n = strcspn(path, ":");

		if (asprintf(&found, "%.*s%s%s", (int)n, path, n ? "/" : "./", name) < 0)
			err(EXIT_OWN, "%s", name);
		if (!access(found, X_OK))
			return found;
		free(found);
		path += n + (path[n] == ':');
	}
	return NULL;
}

/* End as the program did: with its status, or by the same signal (without a second core). */
static int end_like(int status)
{
	struct rlimit none = {0, 0};

	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	setrlimit(RLIMIT_CORE, &none);
	signal(WTERMSIG(status), SIG_DFL);
	fflush(NULL);
	raise(WTERMSIG(status));
	return 128 + WTERMSIG(status);
}

static int run_program(struct options *o, char **argv, struct recorder *r, const char *file)
{
	char *path = find_program(argv[0]);
	int status = -1, error = 127;

	if (!path)
		warnx("%s: not found", argv[0]);
	recorder_begin(r, argv, o->view.resident);
	if (path)
		status = trace_program(r, path, argv, &error);
	free(path);
	if (status != -1 && r->json)
		recorder_end(r, file);
	if (status != -1 && r->t->n) {
		if (o->predict)
			predict_end(r);
		if (r->keep)
			write_files(o, r->t);
	}
	recorder_free(r);
	return status == -1 ? error : end_like(status);
}

static int run(struct options *o, char **argv, const char *file, bool live)
{
	struct recorder r = {.view = &o->view, .keep = o->svg || o->html || o->json};
	struct view_options *view = &o->view;
	int status;

	if (o->predict)
		predict_begin(&o->view);
	view->colour = view->colour && isatty(STDERR_FILENO);
	if (live && !o->predict)
		r.live = stderr;
	check_files(o);
	if (file) {
		r.json = strcmp(file, "-") ? fopen(file, "we") : stdout;
		if (!r.json)
			err(EXIT_OWN, "%s", file);
	}
	status = run_program(o, argv, &r, file);
	return status;
}

int run_command(struct options *o, int argc, char **argv)
{
	(void)argc;
	return run(o, argv, o->out, !o->out);
}

int record_command(struct options *o, int argc, char **argv)
{
	(void)argc;
	if (!o->out && !o->json && !o->svg && !o->html) {
		warnx("record wants -o FILE");
		return 2;
	}
	return run(o, argv, o->out, false);
}
