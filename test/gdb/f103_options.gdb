# f103_options.gdb - "options RDP WRP0" erases the option bytes of an STM32F103, programs
# these two and the user byte anew and resets the chip, so that they are in force (PM0075
# Rev 2, 2.3.5 and 2.5). Each is a halfword: the byte, and its complement above it.
define flash_wait
  while *(unsigned *) 0x4002200c & 1
  end
end

define option
  set *(unsigned short *) (0x1ffff800 + 2 * $arg0) = $arg1
  flash_wait
end

define options
  monitor reset halt
  # FLASH_KEYR, FLASH_OPTKEYR
  set *(unsigned *) 0x40022004 = 0x45670123
  set *(unsigned *) 0x40022004 = 0xcdef89ab
  set *(unsigned *) 0x40022008 = 0x45670123
  set *(unsigned *) 0x40022008 = 0xcdef89ab
  # FLASH_CR: OPTWRE with OPTER, STRT, and then with OPTPG
  set *(unsigned *) 0x40022010 = 0x220
  set *(unsigned *) 0x40022010 = 0x260
  flash_wait
  set *(unsigned *) 0x40022010 = 0x210
  option 0 $arg0
  option 1 0x00ff
  option 4 $arg1
  monitor reset halt
end
