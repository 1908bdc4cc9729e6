/* SPDX-License-Identifier: MIT */
#include "transport/base/host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { US_PER_S = 1000000, NS_PER_US = 1000, NS_PER_MS = 1000000 };

/* --- this process ------------------------------------------------------------------------- */

/* A descriptor that is closed at the start is the next that is opened, say a socket: what is
 * printed would go there, and libuv aborts. What is printed fails then, as it should. */
static void
open_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* libuv aborts when it gets no descriptors for itself. */
static enum cause
ensure_descriptors(struct reason *why)
{
	/* As many clients as are let in (some 80), and what else is open: with fewer, connections of
	 * which nobody hears would keep a gdb out. */
	enum { ENOUGH = 256, LEAST = 128 };
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= ENOUGH)
		return CAUSE_NONE;
	limit.rlim_cur = limit.rlim_max < ENOUGH ? limit.rlim_max : ENOUGH;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= LEAST)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_HOST, "this process may open %u files, and needs %d",
		     (unsigned)limit.rlim_cur, LEAST);
	reason_suspect(why, FINDING_HOST_FEW_FILES);
	return CAUSE_HOST;
}

enum cause
host_begin(struct reason *why)
{
	open_standard_streams();
	signal(SIGPIPE, SIG_IGN);
	return ensure_descriptors(why);
}

long
host_process(void)
{
	return (long)getpid();
}

unsigned long
host_user(void)
{
	return (unsigned long)getuid();
}

/* proc(5), /proc/pid/stat: the state stands behind the name, which may hold anything. */
bool
host_process_is_stopped(long process)
{
	char path[sizeof("/proc/-9223372036854775808/stat")], line[512] = "";
	const char *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/stat", process);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	line[fread(line, 1, sizeof(line) - 1, file)] = '\0';
	fclose(file);
	state = strrchr(line, ')');
	return state != NULL && (state[2] == 'T' || state[2] == 't');
}

bool
host_random(void *bytes, size_t size)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, bytes, size);

	if (got >= 0 && (size_t)got != size)
		errno = EIO;
	host_close(fd);
	return got == (ssize_t)size;
}

void
host_catch_ending(void (*caught)(int number), bool calls_go_on)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = caught,
				    .sa_flags = calls_go_on ? SA_RESTART : 0 };

	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

/* --- time --------------------------------------------------------------------------------- */

/* clock_gettime() may be called by signal handlers (POSIX.1-2008, 2.4.3). */
uint64_t
host_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * US_PER_S + (uint64_t)now.tv_nsec / NS_PER_US;
}

void
host_sleep_us(uint64_t us)
{
	struct timespec left = { .tv_sec = (time_t)(us / US_PER_S),
				 .tv_nsec = (long)(us % US_PER_S) * NS_PER_US };

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

struct host_time
host_time_of_day(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (struct host_time){ now.tv_sec, (unsigned)(now.tv_nsec / NS_PER_MS) };
}

bool
host_local_time(time_t seconds, struct tm *tm)
{
	return localtime_r(&seconds, tm) != NULL;
}

bool
host_utc(time_t seconds, struct tm *tm)
{
	return gmtime_r(&seconds, tm) != NULL;
}

/* --- standard streams --------------------------------------------------------------------- */

bool
host_is_terminal(int number)
{
	return isatty(number) != 0;
}

/* An open file of our own, with flags of our own. Linux opens a pipe or a terminal anew by
 * its name in /proc; a socket has none to be opened by, and poll() does. A file on a disk
 * never waits for a reader and keeps its place. */
void
host_output_open(struct host_output *output, int number)
{
	char path[sizeof("/proc/self/fd/2")] = "/proc/self/fd/";
	size_t len = strlen(path);
	struct stat file;
	int own;

	*output = (struct host_output){ .fd = number };
	if (fstat(number, &file) != 0 || S_ISREG(file.st_mode))
		return;
	path[len] = (char)('0' + number);
	own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	output->is_polled = own < 0;
	if (own >= 0)
		output->fd = own;
}

bool
host_output_wait(const struct host_output *output, int wait_ms)
{
	struct pollfd wanted = { .fd = output->fd, .events = POLLOUT };

	return poll(&wanted, 1, wait_ms) > 0 && (wanted.revents & POLLOUT) != 0;
}

/* A pipe with room takes PIPE_BUF bytes without blocking (POSIX.1-2008, write()). */
long
host_output_write(const struct host_output *output, const char *bytes, size_t size)
{
	errno = EAGAIN;
	if (output->is_polled && !host_output_wait(output, 0))
		return -1;
	return write(output->fd, bytes, size < PIPE_BUF ? size : PIPE_BUF);
}

/* --- files -------------------------------------------------------------------------------- */

static FILE *
open_to_write(const char *path, int how, mode_t mode)
{
	int fd = open(path, how | O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, mode);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd >= 0 && file == NULL)
		close(fd);
	return file;
}

FILE *
host_file_create(const char *path)
{
	return open_to_write(path, O_EXCL, S_IRUSR | S_IWUSR);
}

FILE *
host_file_replace(const char *path)
{
	enum { MODE = 0666 }; /* less the umask, as fopen() has it */

	return open_to_write(path, O_TRUNC | O_NONBLOCK, MODE);
}

static int
refusal_of(const struct stat *file)
{
	if (S_ISREG(file->st_mode))
		return 0;
	return S_ISDIR(file->st_mode) ? EISDIR : ENODEV;
}

FILE *
host_file_look(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY), error;
	struct stat status;
	FILE *file = NULL;

	if (fd < 0)
		return NULL;
	error = fstat(fd, &status) == 0 ? refusal_of(&status) : errno;
	if (error == 0)
		file = fdopen(fd, "r");
	if (file != NULL)
		return file;
	error = error != 0 ? error : errno;
	close(fd);
	errno = error;
	return NULL;
}

FILE *
host_memory_file(char **bytes, size_t *size)
{
	return open_memstream(bytes, size);
}

long
host_line_read(FILE *file, char **line, size_t *size)
{
	return (long)getline(line, size, file);
}

bool
host_file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool
host_file_is_filled(const char *path)
{
	struct stat file;

	return stat(path, &file) == 0 && S_ISREG(file.st_mode) && file.st_size > 0;
}

bool
host_name_is_taken(const char *path)
{
	struct stat file;

	return lstat(path, &file) == 0;
}

bool
host_file_is_open_to_us(const char *path)
{
	return access(path, R_OK | W_OK) == 0;
}

bool
host_file_protect(const char *path)
{
	return chmod(path, S_IRUSR | S_IWUSR) == 0;
}

bool
host_file_identify(const char *path, struct host_file_id *id)
{
	struct stat file;

	if (stat(path, &file) != 0)
		return false;
	*id = (struct host_file_id){ (uint64_t)file.st_dev, (uint64_t)file.st_ino };
	return true;
}

bool
host_link_read(const char *path, char *text, size_t size)
{
	ssize_t len = readlink(path, text, size - 1);

	if (len < 0)
		return false;
	text[len] = '\0';
	return true;
}

/* --- folders ------------------------------------------------------------------------------ */

bool
host_folder_make(const char *path)
{
	return mkdir(path, S_IRWXU) == 0 || errno == EEXIST;
}

bool
host_folder_is_private(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode) &&
	       status.st_uid == getuid() && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

bool
host_folder_list(const char *path, bool (*take)(void *context, const char *name),
		 void *context)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	if (folder == NULL)
		return false;
	do
		entry = readdir(folder);
	while (entry != NULL && take(context, entry->d_name));
	closedir(folder);
	return true;
}

/* --- files below a folder ----------------------------------------------------------------- */

int
host_folder_open(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int
host_folder_enter(int folder, const char *name)
{
	return openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int
host_folder_again(int folder)
{
	return fcntl(folder, F_DUPFD_CLOEXEC, 0);
}

static int
flags_of(unsigned how)
{
	static const int access_of[] = { [HOST_READ] = O_RDONLY,
					 [HOST_WRITE] = O_WRONLY,
					 [HOST_READ | HOST_WRITE] = O_RDWR };

	return access_of[how & (HOST_READ | HOST_WRITE)] |
	       ((how & HOST_CREATE) != 0 ? O_CREAT : 0) |
	       ((how & HOST_EMPTY) != 0 ? O_TRUNC : 0) |
	       ((how & HOST_APPEND) != 0 ? O_APPEND : 0);
}

/* Not blocking: a FIFO would wait for its other end. */
int
host_file_open(int folder, const char *name, unsigned how)
{
	enum { MODE = 0666 };

	struct stat about;
	int file = openat(folder, name,
			  flags_of(how) | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
			  MODE);

	if (file < 0 || (fstat(file, &about) == 0 && S_ISREG(about.st_mode)))
		return file;
	close(file);
	errno = EACCES;
	return -1;
}

bool
host_file_remove(int folder, const char *name)
{
	return unlinkat(folder, name, 0) == 0;
}

bool
host_file_rename(int folder, const char *name, int to_folder, const char *to_name)
{
	return renameat(folder, name, to_folder, to_name) == 0;
}

void
host_close(int file)
{
	int error = errno;

	if (file >= 0)
		close(file);
	errno = error;
}

int64_t
host_read(int file, void *bytes, size_t size)
{
	return read(file, bytes, size);
}

int64_t
host_write(int file, const void *bytes, size_t size)
{
	return write(file, bytes, size);
}

int64_t
host_seek(int file, int64_t at)
{
	return lseek(file, (off_t)at, SEEK_SET);
}

int64_t
host_place(int file)
{
	return lseek(file, 0, SEEK_CUR);
}

int64_t
host_size(int file)
{
	struct stat about;

	return fstat(file, &about) == 0 ? (int64_t)about.st_size : -1;
}
