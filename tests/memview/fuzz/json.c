/*
 * json - fuzz target: any bytes as a recording; what can be read is replayed and written again
 */
#include "../../../memview/views.h"
#include <stdlib.h>
#include <string.h>

static void replay_all(const struct trace *t)
{
	struct view_options o = {.step = NO_STEP, .before = NO_STEP, .width = 80};
	struct changes c = {0};
	struct replay r = {0};
	struct sizes sizes;
	FILE *out = fopen("/dev/null", "w");

	for (size_t i = 0; i < t->n; i++) {
		view_step(t, i, &r, &o, out);
		replay_to(&r, t, i);
		areas_sizes(replay_areas(&r, t->steps[i].space), &sizes);
	}
	view_terminal(t, &o, out);
	trace_write(t, out);
	fclose(out);
	changes_free(&c);
	replay_free(&r);
}

/* A recording that was read and written must be read again as the same. */
static void write_and_read(const struct trace *t)
{
	char *once = NULL, *twice = NULL, why[200];
	size_t n, m;
	FILE *out = open_memstream(&once, &n);
	struct trace *again;

	trace_write(t, out);
	fclose(out);
	again = trace_parse(once, n, why, sizeof(why));
	if (!again)
		abort();
	out = open_memstream(&twice, &m);
	trace_write(again, out);
	fclose(out);
	if (n != m || memcmp(once, twice, n) != 0)
		abort();
	trace_free(again);
	free(once);
	free(twice);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	char why[200];
	struct trace *t = trace_parse((const char *)data, size, why, sizeof(why));

	if (!t)
		return 0;
	replay_all(t);
	write_and_read(t);
	trace_free(t);
	return 0;
}
