# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # variables of test/lib.sh
# sessions.sh - whole sessions of gdb, for tests of what carries them. After test/lib.sh.

# The demo's, on a G473.
run_demo_script() {
	local lines
	mapfile -t lines < <(grep -v '^#' scripts/demo.gdb)
	gdb_run "target extended-remote 127.0.0.1:$port" "${lines[@]}"
	assert_in_order "$work/gdb.log" 'Section .text.*: matched' 'Section .data.*: matched' \
		'Breakpoint 1, station_update' 'sensor_read \(round=0\)' 'Value returned is \$1 = 11' \
		'"roof".*mean = 11' 'Old value = 0' 'New value = 1' '^#4 .*main' \
		'Cannot access memory at address 0x60000000' 'detached'
}

# One with the Blue Pill.
run_blink() {
	elf=test/firmware/blink_f103.elf
	gdb_run "target extended-remote 127.0.0.1:$port" 'load' 'compare-sections' \
		'monitor reset halt' 'break letter_show' 'continue' 'watch letters' 'continue' 'stepi'
	assert_in_order "$work/gdb.log" 'Section .text, range 0x8000000.*: matched' \
		'Breakpoint 1, letter_show \(signs=0x[0-9a-f]+ "-"\)' 'Old value = 0' 'New value = 1'
}
