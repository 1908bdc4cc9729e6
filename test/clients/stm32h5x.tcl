# SPDX-License-Identifier: MIT
# stm32h5x.tcl - openocd 0.12 has neither a target nor a flash driver for the STM32H5. This is the
# target as ST's OpenOCD has it (stm32h5x.cfg: a mem_ap behind port 0, the core behind port 1), and
# in place of the command `flash` what its driver (stm32h5x.c) sends, register by register.

source [find target/swj-dp.tcl]
source [find mem_helper.tcl]

swj_newdap stm32h5x cpu -irlen 4 -ircapture 0x1 -irmask 0xf
dap create stm32h5x.dap -chain-position stm32h5x.cpu
target create stm32h5x.ap0 mem_ap -dap stm32h5x.dap -ap-num 0
target create stm32h5x.cpu cortex_m -dap stm32h5x.dap -ap-num 1
stm32h5x.cpu configure -work-area-phys 0x20000000 -work-area-size 0x8000 -work-area-backup 0
targets stm32h5x.cpu
reset_config srst_only srst_nogate
cortex_m reset_config sysresetreq
adapter speed 2000

# DBGMCU by port 0: stop nothing in low-power modes, halt the watchdogs with the core.
stm32h5x.cpu configure -event examine-end {
	stm32h5x.ap0 mww 0xe0044004 0x00000006
	stm32h5x.ap0 mww 0xe0044008 0x00001800
}

set h5_registers 0x40022000
set h5_errors 0x00fe0000
set h5_bank_size 0

proc h5_word {at} {
	return [lindex [[target current] read_memory $at 32 1] 0]
}

proc h5_get {offset} {
	global h5_registers
	return [h5_word [expr {$h5_registers + $offset}]]
}

proc h5_put {offset value} {
	global h5_registers
	mww [expr {$h5_registers + $offset}] $value
}

# Until none of `flags` of FLASH_NSSR is left; errors are cleared by FLASH_NSCCR and reported.
proc h5_wait {flags} {
	global h5_errors
	for {set polls 0} {[set status [h5_get 0x20]] & $flags} {incr polls} {
		if {$polls > 100000} { error "timed out waiting for flash" }
	}
	if {$status & $h5_errors} {
		h5_put 0x30 [expr {$status & $h5_errors}]
		error [format "flash status 0x%08x" $status]
	}
}

proc h5_unlock {} {
	if {[h5_get 0x28] & 1} {
		h5_put 0x04 0x45670123
		h5_put 0x04 0xcdef89ab
	}
	if {[h5_get 0x28] & 1} { error "flash not unlocked" }
}

# `body` with FLASH_NSCR open; it is locked again whatever comes.
proc h5_unlocked {body} {
	h5_wait 0xb
	h5_unlock
	set failed [catch {uplevel 1 $body} words]
	h5_put 0x28 1
	if {$failed} { error $words }
}

proc h5_erase {first last} {
	h5_unlocked {
		for {set sector $first} {$sector <= $last} {incr sector} {
			set bank [expr {$sector >= 128 ? 0x80000000 : 0}]
			h5_put 0x28 [expr {0x24 | ($sector % 128) << 6 | $bank}]
			h5_wait 1
		}
	}
}

# A quad-word at a time, as its way without a loader.
proc h5_write {at words} {
	h5_unlocked {
		h5_put 0x28 2
		for {set i 0} {$i < [llength $words]} {incr i 4} {
			[target current] write_memory [expr {$at + 4 * $i}] 32 [lrange $words $i $i+3]
			h5_wait 1
		}
		h5_put 0x28 0
	}
}

proc h5_option {offset value} {
	h5_wait 0xb
	if {[h5_get 0x1c] & 1} {
		h5_put 0x0c 0x08192a3b
		h5_put 0x0c 0x4c5d6e7f
	}
	h5_put $offset $value
	h5_put 0x1c 2
	set failed [catch {h5_wait 1} words]
	h5_put 0x1c 1
	if {$failed} { error $words }
}

proc h5_protect {first last on} {
	set groups [h5_get 0xe8]
	for {set group $first} {$group <= $last} {incr group} {
		set bit [expr {1 << $group}]
		set groups [expr {$on == "on" ? $groups & ~$bit : $groups | $bit}]
	}
	h5_option 0xec [expr {$groups & 0xffffffff}]
}

proc h5_write_image {arguments} {
	lassign [lrange $arguments end-1 end] file at
	set size [file size $file]
	set copy 0x20010000
	if {[lindex $arguments 0] == "erase"} {
		h5_erase [expr {($at - 0x08000000) / 8192}] \
			[expr {($at + $size - 1 - 0x08000000) / 8192}]
	}
	load_image $file $copy bin
	h5_write $at [[target current] read_memory $copy 32 [expr {$size / 4}]]
}

# openocd has no bank of its own here, so that there is nothing to init.
proc flash {command args} {
	global h5_bank_size
	switch $command {
		probe { set h5_bank_size [expr {([h5_word 0x08fff80c] & 0xffff) * 1024}] }
		list { return [list [dict create driver stm32h5x size $h5_bank_size]] }
		fillw {
			lassign $args at value count
			h5_write $at [lrepeat $count $value]
		}
		erase_sector { h5_erase [lindex $args 1] [lindex $args 2] }
		write_image { h5_write_image $args }
		protect { h5_protect [lindex $args 1] [lindex $args 2] [lindex $args 3] }
		init {}
		default { error "flash $command is not here" }
	}
}

# The driver's mass erase is marked "not working" there; what it sends is FLASH_NSCR.MER.
proc stm32h5x {command args} {
	switch $command {
		mass_erase {
			h5_unlocked {
				h5_put 0x28 0x8020
				h5_wait 1
			}
		}
		option_read { return [format "0x%08x" [h5_get [lindex $args 1]]] }
		default { error "stm32h5x $command is not here" }
	}
}
