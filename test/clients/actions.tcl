# SPDX-License-Identifier: MIT
# actions.tcl - what boards_test has openocd do on a board. For each action it prints a line
# "agreed: ACTION|ok" or "agreed: ACTION|WORDS". An action is only ok when what it did was
# seen in the chip's memory or registers; openocd's own "done" is not enough.
#
# Given by boards_test: $device_id_at, $device_id (DEV_ID and where DBGMCU_IDCODE is),
# $bank_size, $sector_size, $block (which unit of protection holds sector 2), $image, $wrong_image (its last byte differs), $read_back,
# $erases_all (whether there is time for a mass erase).

set flash_at 0x08000000
set work_at 0x20000800

proc action {name body} {
	set outcome ok
	if {[catch {uplevel 1 $body} words]} {
		set outcome [string map {\n " " | /} [string trim $words]]
	} elseif {[string match "not *" $words]} {
		set outcome $words
	}
	echo "agreed: $name|$outcome"
}

proc expect {what seen wanted} {
	if {$seen != $wanted} {
		error "$what is $seen, not $wanted"
	}
}

proc word_at {address} {
	return [lindex [[target current] read_memory $address 32 1] 0]
}

proc pc {} {
	return [expr {[lindex [[target current] get_reg pc] 1]}]
}

proc state {} {
	return [[target current] curstate]
}

proc driver {} {
	return [dict get [lindex [flash list] 0] driver]
}

# Sector 2, filled over both its ends, and its neighbours.
proc sector_edges {} {
	global flash_at sector_size
	set at [expr {$flash_at + 2 * $sector_size}]
	return [list $at [expr {$at + $sector_size}]]
}

proc fill_over_edges {} {
	foreach edge [sector_edges] {
		flash fillw [expr {$edge - 64}] 0x13572468 32
	}
}

proc expect_sector_2 {wanted} {
	lassign [sector_edges] begin end
	expect "the word before the sector" [word_at [expr {$begin - 4}]] 0x13572468
	expect "its first word" [word_at $begin] $wanted
	expect "its last word" [word_at [expr {$end - 4}]] $wanted
	expect "the word after it" [word_at $end] 0x13572468
}

# When changed option bytes come into force: at once (F4: RM0401 3.6; H7: RM0433 4.4.3), by
# a launch, which resets the chip (F3: RM0316 4.2.2; G4: RM0440 3.4.2), or at the next system
# reset (F1: PM0075 2.5).
proc options_take_effect {} {
	global device_id
	switch -glob [driver]-$device_id {
		stm32l4x-* { catch {stm32l4x option_load 0} }
		stm32f1x-0x422 { catch {stm32f1x options_load 0} }
	}
	reset halt
}

# A new STM32G0 goes on starting its boot loader after it was programmed, until options are loaded
# or FLASH_ACR.EMPTY is cleared (RM0444 2.5, "Empty check"); openocd 0.12 does neither by itself.
proc take_empty_flag_back {} {
	global device_id
	if {$device_id == 0x460} {
		mmw 0x40022000 0 0x00010000
	}
}

# FLASH_OPTR: RM0440 3.7.8, RM0351 3.7.8; RM0456 7.9.13.
proc optr_offset {} {
	global device_id
	return [expr {$device_id == 0x482 ? 0x40 : 0x20}]
}

# RDP is at level 0: what each driver can say of it.
proc expect_options_unprotected {} {
	switch [driver] {
		stm32l4x { set seen [capture {stm32l4x option_read 0 [optr_offset]}] }
		stm32h7x { set seen [capture {stm32h7x option_read 0 0x1c}] }
		stm32h5x {
			# FLASH_OPTSR_CUR.PRODUCT_STATE: Open (RM0481 7.6.11).
			expect PRODUCT_STATE [expr {[stm32h5x option_read 0 0x50] >> 8 & 0xff}] 0xed
			return
		}
		stm32f1x {
			if {![string match "*read protection: off*" [capture {stm32f1x options_read 0}]]} {
				error "read protection is not off"
			}
			return
		}
		stm32f2x {
			if {![string match "*user_options 0x*" [capture {stm32f2x options_read 0}]]} {
				error "no user_options"
			}
			set seen [word_at 0x40023c14]
		}
	}
	if {![regexp {0x[0-9a-fA-F]+$} [string trim $seen] register]} {
		error $seen
	}
	switch [driver] {
		stm32l4x { expect RDP [expr {$register & 0xff}] 0xaa }
		default { expect RDP [expr {($register >> 8) & 0xff}] 0xaa }
	}
}

proc all_actions {} {
	global flash_at bank_size sector_size image wrong_image read_back work_at
	global device_id device_id_at block erases_all

	action identify {
		init
		reset halt
		expect DEV_ID [expr {[word_at $device_id_at] & 0xfff}] $device_id
	}
	action {flash probe} {
		flash probe 0
		expect "the bank's size" [dict get [lindex [flash list] 0] size] $bank_size
	}
	action erase {
		fill_over_edges
		expect_sector_2 0x13572468
		flash erase_sector 0 2 2
		expect_sector_2 0xffffffff
	}
	action program {
		if {[file size $image] > $sector_size} { # else sector 0 is blank
			flash write_image erase $image $flash_at
		} else {
			flash write_image $image $flash_at
		}
		dump_image $read_back $flash_at [file size $image]
		exec cmp $image $read_back
	}
	action verify {
		verify_image $image $flash_at
		if {![catch {verify_image $wrong_image $flash_at}]} {
			error "a wrong image is verified as well"
		}
	}
	action {reset halt} {
		take_empty_flag_back
		reset halt
		expect "the core" [state] halted
		expect PC [pc] [expr {[word_at [expr {$flash_at + 4}]] & ~1}]
	}
	action step {
		set before [pc]
		step
		expect "the distance of a step" [expr {[pc] - $before}] 2
	}
	action {run and halt} {
		resume
		expect "the core" [state] running
		set before [word_at $work_at]
		set polls 0
		while {[word_at $work_at] == $before} {
			if {[incr polls] > 1000} { error "it does not count" }
		}
		halt
		expect "the core" [state] halted
	}
	action {read options} expect_options_unprotected
	if {$erases_all} {
		action {mass erase} {
			[driver] mass_erase 0
			expect "the first word" [word_at $flash_at] 0xffffffff
		}
	}
	# openocd 0.12 clears WRPxyR.UNLOCK of a U5 along with setting the area, which then cannot be
	# changed before a regression of RDP (RM0456 7.9.19; mended in openocd by cbc32c383, "fix
	# permanent write protection on STM32U5").
	action protect {
		set at [lindex [sector_edges] 0]
		if {[word_at $at] != 0xffffffff} {
			flash erase_sector 0 2 2
		}
		flash fillw $at 0x13572468 8
		flash protect 0 $block $block on
		options_take_effect
		catch {flash erase_sector 0 2 2}
		expect "the protected word" [word_at $at] 0x13572468
		flash protect 0 $block $block off
		options_take_effect
		catch {flash erase_sector 0 2 2}
		if {$device_id == 0x482} {
			expect "the locked word" [word_at $at] 0x13572468
			concat "not lifted again: openocd 0.12 clears WRP1AR.UNLOCK (its commit cbc32c383)"
		} else {
			expect "the word" [word_at $at] 0xffffffff
		}
	}
}

# By AP 0 and AP 3, each core halted by the other through the cross trigger (stm32h7x.cfg).
proc both_cores {} {
	action {halt both cores} {
		init
		targets stm32h7x.cpu0
		halt
		await_states halted
	}
	action {step both cores} {
		reset halt
		foreach core {stm32h7x.cpu0 stm32h7x.cpu1} vectors {0x08000000 0x08100000} {
			targets $core
			set before [pc]
			expect "PC of $core" $before [expr {[word_at [expr {$vectors + 4}]] & ~1}]
			step
			expect "the distance of its step" [expr {[pc] - $before}] 2
		}
	}
	action {resume both cores} {
		targets stm32h7x.cpu0
		resume
		targets stm32h7x.cpu1
		resume
		await_states running
	}
}

proc await_states {wanted} {
	set polls 0
	foreach core {stm32h7x.cpu0 stm32h7x.cpu1} {
		while {[$core curstate] != $wanted} {
			if {[incr polls] > 100} { error "$core is [$core curstate], not $wanted" }
			$core arp_poll
		}
	}
}
