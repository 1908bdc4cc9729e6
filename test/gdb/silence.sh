# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # variables of test/lib.sh
# silence.sh - servers whose probe falls silent and speaks again. After test/lib.sh.

milliseconds() {
	date +%s%3N
}

# start_kind KIND: emulator and tether. A probe by TCP falls silent when its emulator is stopped,
# one on USB by a fault.
start_kind() {
	local board=g473-custom-512k # for $BUILD/big.elf
	kind=$1
	server_pid=
	open_control
	case $kind in
	stlink-tcp)
		start_emulator "$board" --flash "$demo_elf"
		start_tether -v
		;;
	cmsis-dap-tcp)
		start emulator 'listening on 127\.0\.0\.1:([0-9]+)' "$EMULATOR" --board "$board" \
			--probe cmsis-dap-v2 --flash "$demo_elf" --control "$work/control" \
			--stats "$work/stats.json" --listen-dap 0
		start tether 'Listening on port ([0-9]+)' "$TETHER" -v --port 0 \
			--probe "cmsis-dap-tcp:127.0.0.1:$match"
		port=$match
		;;
	*)
		start tether 'Listening on port ([0-9]+)' "$EMULATOR" --board "$board" \
			--probe "$kind" --flash "$demo_elf" --control "$work/control" \
			--stats "$work/stats.json" --usb -- "$TETHER" -v --port 0
		port=$match
		read -r server_pid <"/proc/${pid_of[tether]}/task/${pid_of[tether]}/children" || true
		;;
	esac
}

silence() {
	case $kind in
	*-tcp) kill -STOP "${pid_of[emulator]}" ;;
	*) tell_board 'fault usb-silent' ;;
	esac
}

speak() {
	case $kind in
	*-tcp) kill -CONT "${pid_of[emulator]}" ;;
	*) tell_board 'heal usb-silent' ;;
	esac
}
