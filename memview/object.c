/*
 * object.c - the files that are mapped: which are ELF, which are shared memory
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "memory.h"
#include "space.h"

static struct object *objects;
static size_t nobjects, room;

static uint64_t dev_of(const struct stat *st)
{
	return (uint64_t)major(st->st_dev) << 32 | minor(st->st_dev);
}

/* Where anonymous shared mappings, System V segments and memfds live: ask one of our own. */
static uint64_t shmem_dev(void)
{
	static uint64_t dev;
	static bool asked;
	struct stat st;
	int fd = asked ? -1 : memfd_create("memview", MFD_CLOEXEC);

	if (fd >= 0 && !fstat(fd, &st))
		dev = dev_of(&st);
	if (fd >= 0)
		close(fd);
	asked = true;
	return dev;
}

/* POSIX shared memory is a file in /dev/shm. */
static uint64_t posix_dev(pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/root/dev/shm", pid);
	return stat(path, &st) ? 0 : dev_of(&st);
}

static bool is_shared_memory(const struct space *s, const struct mapping *m)
{
	return m->dev == shmem_dev() || m->dev == posix_dev(s->alive);
}

/* maps writes a newline in a name as \012. */
static void decode(const char *name, char *out)
{
	while (*name)
		if (!strncmp(name, "\\012", 4)) {
			*out++ = '\n';
			name += 4;
		} else {
			*out++ = *name++;
		}
	*out = '\0';
}

static int open_same(const char *path, uint64_t inode)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_ino != inode)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/*
 * The file that is mapped, seen from the process's root; -1 if it cannot be had. What is at the
 * path may be another file by now. /proc/PID/exe and map_files lead to the very file even if it
 * is deleted, but the latter only root may follow.
 */
static int open_mapped(const struct space *s, const struct mapping *m)
{
	char *path = fresh(NULL, strlen(m->name) + 64);
	int fd;

	sprintf(path, "/proc/%d/exe", s->alive);
	fd = open_same(path, m->inode);
	if (fd < 0 && *m->name == '/') {
		sprintf(path, "/proc/%d/root", s->alive);
		decode(m->name, path + strlen(path));
		fd = open_same(path, m->inode);
	}
	if (fd < 0) {
		sprintf(path, "/proc/%d/map_files/%jx-%jx", s->alive, (uintmax_t)m->start,
			(uintmax_t)m->end);
		fd = open_same(path, m->inode);
	}
	free(path);
	return fd;
}

static struct elf *read_elf(const struct space *s, const struct mapping *m)
{
	struct source from = {.read = read_from_file, .fd = open_mapped(s, m)};
	struct elf *e = NULL;

	if (from.fd >= 0) {
		e = elf_read(&from);
		close(from.fd);
		return e;
	}
	/* The first page of an image is in memory too, with the program headers. */
	for (size_t i = 0; i < s->m.n && !e; i++) {
		const struct mapping *head = &s->m.v[i];

		if (head->inode != m->inode || head->dev != m->dev || head->offset)
			continue;
		from = (struct source){
			.read = read_from_memory, .pid = s->alive, .base = head->start};
		e = elf_read(&from);
	}
	return e;
}

struct object *object_of(const struct space *s, const struct mapping *m)
{
	static size_t last;
	struct object one = {.dev = m->dev, .inode = m->inode};

	if (last < nobjects && objects[last].inode == m->inode && objects[last].dev == m->dev)
		return &objects[last];
	for (last = 0; last < nobjects; last++)
		if (objects[last].inode == m->inode && objects[last].dev == m->dev)
			return &objects[last];
	one.shared_memory = is_shared_memory(s, m);
	one.elf = m->dev == shmem_dev() && m->perms[3] == 's' ? NULL : read_elf(s, m);
	objects = grow(objects, &room, nobjects + 1, sizeof(*objects));
	objects[nobjects++] = one;
	return &objects[last];
}

const char *object_name(struct object *o, const struct mapping *m, struct trace *names)
{
	if (o->names != names || strcmp(o->name, m->name) != 0) {
		o->names = names;
		o->name = trace_name(names, m->name);
	}
	return o->name;
}
