# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # variables of test/lib.sh
# cores.sh - a gdb for each core of a chip. After test/lib.sh.
#
# A core's port is $NAME_port, its program $NAME_elf.

# start_core NAME [COMMAND...]: a gdb named like its core, for ask, send, and signals.
start_core() {
	local arguments elf_of=${1}_elf port_of=${1}_port
	gdb_arguments "target extended-remote 127.0.0.1:${!port_of}" "${@:2}" 'echo ready\n'
	start "$1" '^ready$' "$GDB" "${arguments[@]}" "${!elf_of}"
}

# ask NAME COMMAND...: sends them and waits until they are done; what they printed is in
# $work/answer.log.
ask() {
	local begun
	asked=$((${asked:-0} + 1))
	begun=$(wc -l <"$work/$1.log")
	send "$1" "${@:2}" "echo done $asked\\n"
	await_line "$1" "done $asked$"
	tail -n "+$((begun + 1))" "$work/$1.log" >"$work/answer.log"
}

signal() { # NAME SIGNAL
	kill "-$2" "${pid_of[$1]}"
}

# find_ports: cm7_port and cm4_port, of a tether that was just started.
find_ports() {
	cm7_port=$port
	await_line tether 'for gdb: cm4'
	cm4_port=$(sed -n 's/^Listening on port \([0-9]*\) for gdb: cm4.*/\1/p' "$work/tether.log")
}

# start_on_dap BOARD [OPTION...]: by a CMSIS-DAP probe of version 2.
start_on_dap() {
	open_control
	start emulator 'listening on 127\.0\.0\.1:([0-9]+)' "$EMULATOR" --board "$1" --probe cmsis-dap-v2 \
		"${@:2}" --control "$work/control" --stats "$work/stats.json" --listen-dap 0
	start tether 'Listening on port ([0-9]+)' "$TETHER" --probe "cmsis-dap-tcp:127.0.0.1:$match" --port 0
	port=$match
	find_ports
}

quit() { # NAME
	send "$1" quit
	await_end "$1"
}
