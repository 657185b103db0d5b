/*
 * maps - fuzz target: any bytes as /proc/PID/maps
 */
#include "../../../memview/space.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct mappings m = {.text = malloc(size + 1), .text_room = size + 1};
	size_t length = 0;

	memcpy(m.text, data, size);
	m.text[size] = '\0';
	if (mappings_parse(&m, size))
		for (size_t i = 0; i < m.n; i++) {
			length += strlen(m.v[i].name);
			if (mappings_find(&m, m.v[i].start) != &m.v[i])
				abort();
		}
	if (length > size)
		abort();
	mappings_free(&m);
	return 0;
}
