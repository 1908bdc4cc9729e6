/* SPDX-License-Identifier: MIT */
/*
 * main.c - the emulator's loop: clients first, then the board's own time.
 *
 * Between transfers the board goes on with the host's clock as long as it has
 * something to do; when not, the loop sleeps on its descriptors. A board whose
 * cores run faster than this machine can follow falls behind the host's clock and
 * is not made to catch up: what counts is its own clock.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "test/emulator/bench.h"
#include "test/emulator/board.h"
#include "test/emulator/control.h"
#include "test/emulator/front/holder.h"
#include "test/emulator/options.h"
#include "test/emulator/pc_log.h"

/* A request waits for one slice at most. Half a millisecond of a chip at 170 MHz is
 * 85,000 instructions, one to two milliseconds here. What a slow machine owes beyond the
 * second figure is forgiven. */
enum { SLICE_NS = 500000, FORGIVEN_NS = 10000000 };
/* An idle board may wake up by itself after a request or a button: NRST rises through
 * its capacitor. It is looked at every 10 ms for two seconds. */
enum { SETTLE_MS = 10, SETTLED_NS = 2000000000 };
/* With --thinking none the board has been on for so long when the client comes; otherwise
 * the client's own start takes as long, and NRST has risen. */
enum { ON_BEFORE_NS = 20000000 };
enum { EXIT_WORLD = 1, EXIT_USAGE = 2 };

/* SIGINT and SIGTERM write a byte here: poll() sees it, whenever they come. */
static int signal_pipe[2];

static void
on_signal(int number)
{
	int kept = errno;
	ssize_t written = write(signal_pipe[1], "", 1);
	(void)number;
	(void)written; /* a full pipe tells as much */
	errno = kept;
}

static bool
catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	if (pipe(signal_pipe) < 0) {
		perror("emulator: pipe");
		return false;
	}
	for (int i = 0; i < 2; i++)
		fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
	fcntl(signal_pipe[1], F_SETFL, O_NONBLOCK);
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	return true;
}

static uint64_t
owed_ns(const struct bench *bench)
{
	return pace_owed_ns(&bench->pace, soc_now_ns(bench->soc));
}

static void
forgive(struct bench *bench, uint64_t most_ns)
{
	pace_forgive(&bench->pace, soc_now_ns(bench->soc), most_ns);
}

/* One slice of what is owed, or nothing when thinking takes a fixed time. Without anything
 * to do all of it passes at once. */
static void
follow_host(struct bench *bench)
{
	uint64_t owed = owed_ns(bench);
	if (bench->options->thinking_is_fixed) {
		bench_idle(bench, 0);
		forgive(bench, 0);
		return;
	}
	bench_idle(bench, soc_is_idle(bench->soc) || owed < SLICE_NS ? owed : SLICE_NS);
	forgive(bench, FORGIVEN_NS);
}

/* Poll's timeout: for ever when nothing will happen by itself, else until the next
 * slice is due. */
static int
timeout_ms(const struct bench *bench, uint64_t served_ns)
{
	if (bench->options->thinking_is_fixed)
		return -1;
	if (soc_is_idle(bench->soc))
		return pace_host_ns() - served_ns < SETTLED_NS ? SETTLE_MS : -1;
	return owed_ns(bench) < SLICE_NS ? 1 : 0;
}

/* After the front's descriptors: the signals' pipe, and the control FIFO if any. */
static unsigned
add_own_fds(const struct control *control, struct pollfd *fds)
{
	fds[0] = (struct pollfd){ .fd = signal_pipe[0], .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = control ? control_fd(control) : -1,
				  .events = POLLIN };
	return 2;
}

/* Transfers take their own device time; what they take of the host's is not owed, but with
 * --pace. */
static void
serve(struct bench *bench, struct control *control, const struct pollfd *fds, unsigned len)
{
	uint64_t before = soc_now_ns(bench->soc), owed = owed_ns(bench);
	bench->front->ops->ready(bench->front, fds, len);
	bench->stats.busy_ns += soc_now_ns(bench->soc) - before;
	if (fds[len].revents)
		bench->is_over = true;
	if (control && fds[len + 1].revents)
		control_ready(control, bench);
	if (bench->front->ops->is_over(bench->front, &bench->exit_status))
		bench->is_over = true;
	if (!bench->options->is_paced) {
		pace_start(&bench->pace, soc_now_ns(bench->soc), false);
		bench->pace.host_ns -= owed;
	}
}

static void
run(struct bench *bench, struct control *control)
{
	struct pollfd fds[FRONT_MAX_FDS + 2];
	uint64_t served_ns = pace_host_ns();
	while (!bench->is_over) {
		unsigned len = bench->front->ops->poll_fds(bench->front, fds);
		unsigned all = len + add_own_fds(control, fds + len);
		int ready = poll(fds, all, timeout_ms(bench, served_ns));
		if (ready < 0 && errno != EINTR) {
			perror("emulator: poll");
			bench->exit_status = EXIT_WORLD;
			return;
		}
		follow_host(bench);
		if (ready > 0) {
			serve(bench, control, fds, len);
			served_ns = pace_host_ns();
		} else if (ready == 0) { /* an answer may be due by now */
			bench->front->ops->ready(bench->front, fds, len);
		}
	}
}

static int
run_bench(const struct options *options)
{
	struct bench bench = { .exit_status = 0 };
	struct control *control = options->control ? control_open(options->control) : NULL;
	/* The command of --usb runs from here on, and may use the FIFO. */
	bool is_open = (control || !options->control) && catch_signals() &&
		       bench_open(&bench, options);
	if (is_open) {
		if (options->thinking_is_fixed)
			bench_idle(&bench, ON_BEFORE_NS);
		run(&bench, control);
		if (options->stats && !bench_write_stats(&bench))
			bench.exit_status = EXIT_WORLD;
		if (!bench_save(&bench) || !pc_log_close(bench.pc_log))
			bench.exit_status = EXIT_WORLD;
		bench.pc_log = NULL;
	}
	control_close(control);
	bench_close(&bench);
	return is_open ? bench.exit_status : EXIT_WORLD;
}

static int
list_boards(void)
{
	for (unsigned i = 0; i < board_table_len; i++)
		printf("%-22s %-14s %s\n", board_table[i].name, board_table[i].chip,
		       board_table[i].probe);
	return 0;
}

int
main(int argc, char **argv)
{
	struct options options;
	(void)argc;
	if (holder_is_meant(argv))
		return holder_main(argv);
	if (!options_parse(&options, argv))
		return EXIT_USAGE;
	if (options.help) {
		options_help();
		return 0;
	}
	return options.list ? list_boards() : run_bench(&options);
}
