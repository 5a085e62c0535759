/* Notes what a process does to the files below POWER_FOLDER, in order, in the file POWER_TRACE.
 *
 * A write, a change of size or a removal is noted before it is done, a sync once it has returned: so
 * whatever the notes up to some point call synced was, and no more is relied on than was asked for.
 * A note is its sort (w t u s), the lengths of name and data, an offset, the name, the data. The sync
 * of the folder itself has no name.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct head {
    uint8_t sort;
    uint8_t unused[3];
    uint32_t name, data;
    uint64_t at;
} __attribute__((packed));

static void note(char sort, const char *path, uint64_t at, const void *data, size_t size) {
    static int trace = -1;
    const char *folder = getenv("POWER_FOLDER");
    size_t length = folder ? strlen(folder) : 0;
    if (!folder || strncmp(path, folder, length) != 0) return;
    if (path[length] != '/' && path[length] != 0) return;
    if (trace < 0) trace = open(getenv("POWER_TRACE"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    const char *name = path[length] ? path + length + 1 : "";
    struct head head = {(uint8_t)sort, {0}, (uint32_t)strlen(name), (uint32_t)size, at};
    struct iovec parts[3] = {
        {&head, sizeof head}, {(void *)name, strlen(name)}, {(void *)data, size}};
    if (writev(trace, parts, 3) < 0) abort();
}

static void note_file(char sort, int file, uint64_t at, const void *data, size_t size) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = 0;
    note(sort, path, at, data, size);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
    note_file('w', file, (uint64_t)at, data, size);
    return REAL(pwrite)(file, data, size, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    note_file('w', file, (uint64_t)at, data, size);
    return REAL(pwrite64)(file, data, size, at);
}

int ftruncate(int file, off_t size) {
    note_file('t', file, (uint64_t)size, "", 0);
    return REAL(ftruncate)(file, size);
}

int ftruncate64(int file, off64_t size) {
    note_file('t', file, (uint64_t)size, "", 0);
    return REAL(ftruncate64)(file, size);
}

int unlink(const char *path) {
    note('u', path, 0, "", 0);
    return REAL(unlink)(path);
}

int fsync(int file) {
    int done = REAL(fsync)(file);
    if (done == 0) note_file('s', file, 0, "", 0);
    return done;
}

int fdatasync(int file) {
    int done = REAL(fdatasync)(file);
    if (done == 0) note_file('s', file, 0, "", 0);
    return done;
}
