# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2034 # variables for the script that sources this
# lib.sh - what the tests of test/gdb and test/clients share. They source it.
#
# A test is a function whose name is a true sentence; run_tests runs each in a shell and a
# folder of its own ($work) and prints a TAP line for it, after what it said if it failed.
# Whatever a test started is ended after it, by its process id. Nothing here sleeps: who
# waits, waits for a line or for an end.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$top/$BUILD ;; esac
# The product is the one with sanitizers, the emulator that without: a test that looks for faults
# in the emulator itself sets EMULATOR=$BUILD/san/emulator, which takes ten times as long.
EMULATOR=${EMULATOR:-$BUILD/emulator}
TETHER=${TETHER:-$BUILD/san/tether}
demo_elf=test/firmware/demo.elf
bus=${BUS:---usb}
slowness=1 # of the machine, as it was when the test began: see test/slowness
patience=${PATIENCE:-30} # seconds until a line that does not come counts as missing, times that
LSAN_OPTIONS=suppressions=$("$top/test/leaks"):print_suppressions=0
export LSAN_OPTIONS
cd "$top" # the demo's debug information names its sources from here

# --- saying what is wrong -----------------------------------------------------------------

fail() { # WORDS...
	echo "# $*" >&2
	exit 1
}

show() { # FILE...: for the reader of a failure
	local file
	for file in "$@"; do
		echo "# --- ${file##*/}"
		sed 's/^/#   /' "$file"
	done >&2
}

assert_contains() { # FILE REGEX SENTENCE
	grep -qE -- "$2" "$1" && return 0
	show "$1"
	fail "$3 (nothing in ${1##*/} matches: $2)"
}

assert_lacks() { # FILE REGEX SENTENCE
	grep -qE -- "$2" "$1" || return 0
	show "$1"
	fail "$3 (something in ${1##*/} matches: $2)"
}

assert_in_order() { # FILE REGEX...: each on a line after the one before
	local file=$1 at=1 pattern found
	shift
	for pattern in "$@"; do
		# grep goes at the first line that matches, tail may then die of SIGPIPE: that is
		# no failure, so it is not in the pipe.
		found=$(grep -nEm1 -- "$pattern" <(tail -n "+$at" "$file") | cut -d: -f1) || {
			show "$file"
			fail "in ${file##*/}, from line $at on, nothing matches: $pattern"
		}
		at=$((at + found))
	done
}

assert_same() { # FILE FILE SENTENCE
	cmp "$1" "$2" || fail "$3"
}

# --- programs that run beside the test ----------------------------------------------------

declare -A pid_of    # by name
declare -A reader_of # who writes its output to the log

# start NAME READY COMMAND...: starts COMMAND and returns when a line of its output matches
# READY; $match is then what READY's first group matched. Its output goes to $work/NAME.log,
# what is written to $work/NAME.in is its input.
start() {
	local name=$1 ready=$2 line out
	shift 2
	mkfifo "$work/$name.out" "$work/$name.in"
	: >"$work/$name.log"
	"$@" >"$work/$name.out" 2>&1 <>"$work/$name.in" &
	pid_of[$name]=$!
	exec {out}<"$work/$name.out"
	while IFS= read -r -t "$patience" -u "$out" line; do
		printf '%s\n' "$line" >>"$work/$name.log"
		[[ $line =~ $ready ]] || continue
		match=${BASH_REMATCH[1]-}
		cat <&"$out" >>"$work/$name.log" &
		reader_of[$name]=$!
		exec {out}<&-
		return 0
	done
	show "$work/$name.log"
	fail "$name ended or fell silent before it said: $ready"
}

send() { # NAME LINE...: to its input, a line each
	printf '%s\n' "${@:2}" >"$work/$1.in"
}

await_line() { # NAME REGEX [SENTENCE]: waits until its output has such a line
	timeout "$patience" grep -qEm1 -- "$2" \
		<(exec tail -n +1 -f "$work/$1.log" 2>/dev/null) && return 0
	show "$work/$1.log"
	fail "${3:-$1 never said it} (waited $patience s for: $2)"
}

# await_text FILE REGEX: what is no program's of "start" has written it.
await_text() {
	local until=$((SECONDS + patience))
	until grep -qE -- "$2" "$1"; do
		[ "$SECONDS" -lt "$until" ] || {
			show "$1"
			fail "nothing in ${1##*/} matches after $patience s: $2"
		}
		pause
	done
}

is_running() { # NAME
	kill -0 "${pid_of[$1]}" 2>/dev/null
}

# pause: a moment in which the program that is waited for gets the processor.
pause() {
	[ -n "${nobody_writes-}" ] || {
		[ -p "$work/nobody" ] || mkfifo "$work/nobody"
		exec {nobody_writes}<>"$work/nobody"
	}
	read -r -t 0.02 -u "$nobody_writes" || true
}

await_pid() { # PID SECONDS
	timeout "$2" tail -s 0.05 --pid="$1" -f /dev/null
}

# await_end NAME: waits until it has ended by itself; $status is its exit status.
await_end() {
	local pid=${pid_of[$1]}
	await_pid "$pid" "$patience" || {
		show "$work/$1.log"
		fail "$1 still ran after $patience s"
	}
	status=0
	wait "$pid" || status=$?
	unset "pid_of[$1]"
	await_pid "${reader_of[$1]}" "$patience" || fail "what $1 wrote is not all read"
	rm "$work/$1.out" "$work/$1.in"
}

stop() { # NAME: asks it to end (SIGTERM); $status as above
	kill "${pid_of[$1]}" 2>/dev/null || true
	await_end "$1"
}

stop_all() {
	local name
	for name in "${!pid_of[@]}"; do
		kill "${pid_of[$name]}" 2>/dev/null || true
		await_pid "${pid_of[$name]}" $((5 * slowness)) || {
			echo "# $name did not end when it was asked to" >&2
			touch "$work/stuck"
			kill -KILL "${pid_of[$name]}" 2>/dev/null || true
		}
		[ -z "${reader_of[$name]-}" ] || await_pid "${reader_of[$name]}" $((5 * slowness)) || true
	done
}

# is_replayed RECORDING JSON: without the board tether comes to the same, word for word, and
# explains it by the same finding.
is_replayed() {
	local status=0 id
	"$TETHER" replay --json "$1" >"$1.json" 2>"$1.log" || status=$?
	[ "$status" = 0 ] || {
		show "$1.log"
		fail "tether replay ended with $status"
	}
	assert_same "$2" "$1.json" 'a replay comes to the same'
	id=$(sed -n '1s/.*"id": "\([^"]*\)".*/\1/p' "$2")
	"$TETHER" explain "$1" >"$1.txt" 2>"$1.log" || fail "tether explain ended with $?"
	assert_contains "$1.txt" "^verdict .*(${id:+\\($id }|nothing wrong was found|not known)" \
		'it is explained by the same finding'
}

# serial_in RECORDING: of the probe; one that could not be opened has none, and that of clones is no
# secret.
serial_in() {
	local serial
	serial=$(sed -n 's/^%serial //p' "$1" | head -n 1)
	[ "$serial" != 303030303030303030303031 ] || serial=
	echo "${serial:-(no serial)}"
}

# explained RECORDING: as tether explains it, without packets and with the serial cut, as others see it.
explained() {
	"$TETHER" explain "$1" 2>"$1.log" | sed -E "s/$(serial_in "$1")/${2:0:4}.../; /^ {8}[<>] /d; /^(last)? {6,10}rsp: /d"
}

# is_shown RECORDING IMAGE...: what others may see of it is explained in the same words, and has
# nothing of these programs, nor the serial. It is in RECORDING.shown.
is_shown() {
	local serial
	serial=$(serial_in "$1")
	rm -f "$1.shown"
	"$TETHER" redact "$1" "$1.shown" >"$1.said" 2>&1 || {
		show "$1.said"
		fail "tether redact ended with $?"
	}
	explained "$1" "$serial" >"$1.before"
	explained "$1.shown" "$serial" >"$1.after"
	assert_same "$1.before" "$1.after" 'it is explained in the same words'
	python3 test/gdb/reveals.py "$1.shown" "$serial" "${@:2}" >"$1.said" || {
		show "$1.said"
		fail "of what was left out, some is there"
	}
}

# --- the bench and the server -------------------------------------------------------------

# open_control: the FIFO for orders to an emulator, which gets --control "$work/control".
open_control() {
	rm -f "$work/control" # of the one before
	mkfifo "$work/control"
	exec {control_keeper}<>"$work/control" # so that no write ever is the last
}

# openocd_target NAME: its script, or ours for a chip that openocd 0.12 does not know.
openocd_target() {
	if [ -e "test/clients/$1.tcl" ]; then
		echo "test/clients/$1.tcl"
	else
		echo "target/$1.cfg"
	fi
}

# The program of test/firmware/trials.c for a board's core: a Cortex-M3's, of which the others have
# the instructions, but for a Cortex-M0+.
trials_of() { # BOARD
	case $1 in
	nucleo-g0*) echo test/firmware/trials_g071.elf ;;
	*) echo test/firmware/trials_f103.elf ;;
	esac
}

# start_emulator BOARD [OPTION...]: on a free port, $probe_port. Its control FIFO is
# $work/control, its counters end up in $work/stats.json.
start_emulator() {
	open_control
	start emulator 'listening on 127\.0\.0\.1:([0-9]+)' "$EMULATOR" --board "$1" "${@:2}" \
		--control "$work/control" --stats "$work/stats.json" --listen-stlink 0
	probe_port=$match
}

# board_count KEY: one of the emulator's counters, see test/emulator/base/stats.h.
board_count() {
	local until=$((SECONDS + patience))
	rm -f "$work/stats.json"
	echo stats >"$work/control"
	until [ -e "$work/stats.json" ]; do
		[ "$SECONDS" -lt "$until" ] || fail 'the emulator does not obey its control FIFO'
		pause
	done
	sed -n "s/^ *\"$1\": \([0-9]*\),*$/\1/p" "$work/stats.json"
}

# tell_board LINE: has been obeyed when this returns.
tell_board() {
	echo "$1" >"$work/control"
	board_count device_us >/dev/null
}

# await_growth KEY [BY]: until that counter grows, by as much: "instructions" while the core runs,
# "flash_programs" while flash is written.
await_growth() {
	local until=$((SECONDS + patience)) first
	first=$(board_count "$1")
	until [ "$(board_count "$1")" -ge $((first + ${2:-1})) ]; do
		[ "$SECONDS" -lt "$until" ] || fail "the board's count of $1 stayed at $first"
		pause
	done
}

# start_tether [OPTION...]: on the emulator's probe and a free port, $port.
start_tether() {
	start tether 'Listening on port ([0-9]+)' "$TETHER" \
		--probe "stlink-tcp:127.0.0.1:$probe_port" --port 0 "$@"
	port=$match
}

# start_tether_on_usb [OPTION...]: as above, with the probe on an emulated USB bus. $board is
# the board when it is set, $probe_kind another probe than its own. In the guest of
# test/kernel the bus is the kernel's.
start_tether_on_usb() {
	open_control
	start tether 'Listening on port ([0-9]+)' "$EMULATOR" --board "${board:-g473-custom}" \
		${probe_kind:+--probe "$probe_kind"} \
		--control "$work/control" --stats "$work/stats.json" \
		"$bus" -- "$TETHER" --port 0 "$@"
	port=$match
}

start_bench() { # [BOARD]: both
	start_emulator "${1:-g473-custom}"
	start_tether
}

# A port of 127.0.0.1 on which nobody listens, for programs that cannot choose one.
free_port() {
	local candidate
	while :; do
		candidate=$((20000 + RANDOM % 12000))
		(exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || break
	done
	echo "$candidate"
}

# openocd_run COMMAND...: openocd on the emulator's TCP port, by direct access to the debug
# port: a second pair of eyes on what tether says that it did. It prints what a command answers
# only when that is the last of its argument.
openocd_run() {
	timeout -k 5 "$patience" openocd -f interface/stlink-dap.cfg -f target/stm32g4x.cfg \
		-c "st-link backend tcp $probe_port" \
		-c 'gdb_port disabled; tcl_port disabled; telnet_port disabled' "${@/#/-c}" \
		>"$work/openocd.log" 2>&1 || {
		show "$work/openocd.log"
		fail "openocd ended with $?"
	}
}

# --- gdb ----------------------------------------------------------------------------------

GDB=${GDB:-gdb-multiarch}

gdb_settings=('set confirm off' 'set pagination off' 'set width 0' 'set style enabled off'
	'set tcp connect-timeout 5')

gdb_arguments() { # COMMAND...: fills $arguments
	local command
	# An answer that takes longer than gdb's 2 s counts as lost there.
	arguments=(-nx -q -ex "set remotetimeout $((2 * slowness))")
	for command in "${gdb_settings[@]}" "$@"; do
		arguments+=(-ex "$command")
	done
}

# gdb_run COMMAND...: runs gdb on the demo (or $elf) with these commands; what the user would
# see is in $work/gdb.log, $status is what gdb ended with.
gdb_run() {
	local arguments
	gdb_arguments "$@"
	status=0
	timeout -k 5 "$patience" "$GDB" -batch "${arguments[@]}" "${elf:-$demo_elf}" \
		>"$work/gdb.log" 2>&1 </dev/null || status=$?
	[ "$status" != 124 ] || {
		show "$work/gdb.log"
		fail "gdb did not end within $patience s"
	}
}

# start_gdb [COMMAND...]: gdb beside the test, for what needs two hands; commands go to it by
# "send gdb ..." and it goes on until "quit".
start_gdb() {
	local arguments
	gdb_arguments "$@" 'echo ready\n'
	start gdb '^ready$' "$GDB" "${arguments[@]}" "${elf:-$demo_elf}"
}

# start_mi: the same with the interpreter that IDEs use.
start_mi() {
	start gdb '^\(gdb\)' "$GDB" -nx -q --interpreter=mi3 "${elf:-$demo_elf}"
}

mi() { # COMMAND [RESULT]: sends it and waits for its result, which matches RESULT
	mi_token=$((${mi_token:-0} + 1))
	send gdb "$mi_token$1"
	await_line gdb "^$mi_token\\^"
	assert_contains "$work/gdb.log" "^$mi_token\\^${2:-(done|running|connected)}" "$1 is done"
}

mi_fails() { # COMMAND WORDS: its result is an error, in these words
	mi "$1" "error,msg=\".*$2"
}

mi_why() { # WORDS: "monitor why" says so on the console
	mi '-interpreter-exec console "monitor why"' 'done'
	assert_contains "$work/gdb.log" "^@\".*$1" 'why tells it'
}

interrupt_gdb() { # Ctrl-C
	kill -INT "${pid_of[gdb]}"
}

# exchange PACKET REGEX...: one connection, as of test/gdb/rsp.c; each packet is answered as said.
exchange() {
	local packets=() expected=() replies i
	while [ $# -gt 0 ]; do
		packets+=("$1") expected+=("$2")
		shift 2
	done
	"$BUILD/test/gdb/rsp" "$port" "${packets[@]}" >"$work/rsp.log" || true
	mapfile -t replies < <(sed -n 's/^< //p; /^(/p' "$work/rsp.log")
	for i in "${!packets[@]}"; do
		[[ ${replies[$i]-"(nothing)"} =~ ^(${expected[$i]})$ ]] ||
			fail "${packets[$i]} is answered by ${replies[$i]-nothing}, not ${expected[$i]}"
	done
}

# What a user must be able to read when the probe is no longer there.
probe_lost='(probe|ST-LINK|USB device).*(unplugged|gone|lost|left|no longer|closed|disconnect|not answer)'

# --- running tests ------------------------------------------------------------------------

# What a sanitizer or an assert reports is a failure whatever the test thought of it, and so
# is a program that SIGTERM did not end.
programs_are_sound() {
	local file
	[ ! -e "$work/stuck" ] || return 1
	for file in "$work"/*.log; do
		! grep -qaE 'ERROR: (Address|Leak)Sanitizer|runtime error:|Assertion .* failed' "$file" || {
			show "$file"
			return 1
		}
	done
}

run_one() { # LABEL TEST
	local sentence=$1${2//_/ } status=0 begun=$SECONDS
	slowness=$("$top/test/slowness")
	patience=$((${PATIENCE:-30} * slowness))
	export RSP_SILENCE_S=$patience
	work=$(mktemp -d "${TMPDIR:-/tmp}/tether-test.XXXXXX")
	export XDG_STATE_HOME=$work/state # not the user's
	# Not "( ) || status=$?": that would switch set -e off for all of the test.
	set +e
	(
		trap stop_all EXIT
		set -e
		"$2"
	) >"$work/said" 2>&1
	status=$?
	programs_are_sound >>"$work/said" 2>&1 || status=1
	set -e
	if [ "$status" != 0 ]; then
		cat "$work/said"
		echo "not ok - $sentence"
		failures=$((failures + 1))
	else
		echo "ok - $sentence"
	fi
	echo "#   $((SECONDS - begun)) s"
	rm -rf "$work"
}

programs_are_built() {
	local program
	for program in "$TETHER" "$EMULATOR"; do
		[ -x "$program" ] || {
			echo "not ok - ${program#"$top/"} is built (try: make test-programs)"
			exit 1
		}
	done
}

# run_tests TEST...: only those whose name contains $ONLY, when that is set. $label, if any,
# is put before the sentences.
failures=0
trap '[ "$failures" = 0 ] || exit 1' EXIT
run_tests() {
	local test
	programs_are_built
	for test in "$@"; do
		[[ $test == *"${ONLY:-}"* ]] || continue
		run_one "${label:-}" "$test"
	done
}

gdb_version() {
	"$GDB" --version | sed -n '1s/.* //p'
}

with_gdb() { # GDB TEST...
	local GDB=$1 label
	label="gdb $(gdb_version): "
	run_tests "${@:2}"
}

# for_each_gdb TEST...: with this machine's gdb and with gdb 16, which show the user different
# parts of what a server says.
for_each_gdb() {
	local newer
	with_gdb "$GDB" "$@"
	if newer=$(scripts/gdb16); then
		with_gdb "$newer" "$@"
	elif [ "${CI:-}" = true ]; then
		echo 'not ok - gdb 16 can be had'
		failures=$((failures + 1))
	else
		echo "ok - gdb 16: $# tests # SKIP gdb 16 cannot be had here"
	fi
}

# gdbs_in_turn TEST...: where what counts is hardly the version of gdb: one test with this
# machine's gdb, the next with gdb 16. With GDBS=both (make test-lab), and where $ONLY chooses,
# each with both.
gdbs_in_turn() {
	local newer test turn=0 GDB=$GDB
	if [ "${GDBS:-}" = both ] || [ -n "${ONLY:-}" ] || ! newer=$(scripts/gdb16); then
		for_each_gdb "$@"
		return
	fi
	for test in "$@"; do
		turn=$((1 - turn))
		with_gdb "$([ "$turn" = 1 ] && echo "$GDB" || echo "$newer")" "$test"
	done
}
