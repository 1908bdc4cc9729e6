# SPDX-License-Identifier: MIT
# What the demo types into gdb once it is connected, up to Ctrl-C.
load
compare-sections
monitor reset halt
break station_update
continue
step
finish
finish
print station
print station.mean
watch rounds
continue
delete
tbreak sum_of if reading == 0
continue
backtrace
info registers s0 pc
x/4xw 0x60000000
monitor why
