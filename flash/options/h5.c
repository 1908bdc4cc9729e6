/* SPDX-License-Identifier: MIT */
/*
 * h5.c - the option bytes of STM32H5. RM0481 Rev 3, 7.4, 7.6.11 and 7.11.19 to 7.11.52; RM0492 Rev 2
 * (H503). The epochs of the keys, which only count up, are left to those who provision keys.
 */
#include "flash/options/fields.h"

enum {
	H5_OPTSR,
	H5_OPTSR2,
	H5_NSBOOT,
	H5_SECBOOT,
	H5_OTPBL,
	H5_SECWM1,
	H5_WRP1,
	H5_WRP12,
	H5_EDATA1,
	H5_HDP1,
	H5_SECWM2,
	H5_WRP2,
	H5_WRP22,
	H5_EDATA2,
	H5_HDP2
};
#define WITH_TRUSTZONE 0x484, 0x478, 0x47c, 0x47a
static const struct option_register h5_registers[] = {
	CURRENT("OPTSR", 0x50, 0),
	CURRENT("OPTSR2", 0x70, 0),
	CURRENT("NSBOOTR", 0x80, 0),
	CURRENT("SECBOOTR", 0x88, WITH_TRUSTZONE),
	CURRENT("OTPBLR", 0x90, 0),
	CURRENT("SECWM1R", 0xe0, WITH_TRUSTZONE),
	CURRENT("WRP1R", 0xe8, 0),
	CURRENT("WRP12R", 0x98, 0x47a),
	CURRENT("EDATA1R", 0xf0, WITH_TRUSTZONE),
	CURRENT("HDP1R", 0xf8, 0),
	CURRENT("SECWM2R", 0x1e0, WITH_TRUSTZONE),
	CURRENT("WRP2R", 0x1e8, 0),
	CURRENT("WRP22R", 0x198, 0x47a),
	CURRENT("EDATA2R", 0x1f0, WITH_TRUSTZONE),
	CURRENT("HDP2R", 0x1f8, 0),
	{ 0 },
};
/* OPTCR: OPTLOCK, OPTSTRT; NSSR: BSY, OPTCHANGEERR, which NSCCR clears. They are loaded by a reset
 * (7.4.3). As on H7 a request that was refused stays in the registers *_PRG. */
static const struct option_control h5_control = {
	.optkeyr = 0x0c,
	.option_keys = { OPTION_KEY_1, OPTION_KEY_2 },
	.cr = 0x1c,
	.lock = 1u << 0,
	.lock_value = 1u << 0,
	.start = 1u << 1,
	.sr = 0x20,
	.busy = 1u << 0,
	.error_at = 0x20,
	.errors = 1u << 23,
	.clear = 0x30,
	.writes_all = true,
};

#define STATES_OF_ALL "0xed=Open;0x17=Provisioning;0x72=Closed;0x5c=Locked"
#define STATE(values_, ...)                                                         \
	{                                                                           \
		.name = "PRODUCT_STATE", .at = H5_OPTSR, .lsb = PRODUCT_STATE_LSB,  \
		.width = 8, .what = "product state", .values = (values_), .only = { \
			__VA_ARGS__                                                 \
		}                                                                   \
	}
/* B4 switches on, C3 off; the rest is neither. */
#define BYTE_OF(name_, at_, lsb_, what_, values_, ...)                                    \
	{                                                                                 \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = 8, .what = (what_), \
		.values = (values_), .only = {                                            \
			__VA_ARGS__                                                       \
		}                                                                         \
	}
#define ON_OR_OFF(on, off) "0xb4=" on ";0xc3=" off
#define BIT_FOR(name_, at_, lsb_, what_, values_, ...)                                    \
	{                                                                                 \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = 1, .what = (what_), \
		.values = (values_), .only = {                                            \
			__VA_ARGS__                                                       \
		}                                                                         \
	}
#define RESET_OF(name_, lsb_, what_, ...)                                              \
	BIT_FOR(name_, H5_OPTSR2, lsb_, what_ " at a reset", YES_NO("erased", "kept"), \
		__VA_ARGS__)
#define ECC_OF(name_, lsb_, what_, ...) \
	BIT_FOR(name_, H5_OPTSR2, lsb_, "ECC of " what_, YES_NO("on", "off"), __VA_ARGS__)
#define AT_LSB(name_, at_, lsb_, bits, what_, ...)                            \
	{                                                                     \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = (bits), \
		.what = (what_), .only = {                                    \
			__VA_ARGS__                                           \
		}                                                             \
	}
#define SECTORS(bits, ...)                                                                 \
	AT_LSB("SECWM1_STRT", H5_SECWM1, 0, bits, "first secure sector of bank 1",         \
	       __VA_ARGS__),                                                               \
		AT_LSB("SECWM1_END", H5_SECWM1, 16, bits, "last secure sector of bank 1",  \
		       __VA_ARGS__),                                                       \
		AT_LSB("SECWM2_STRT", H5_SECWM2, 0, bits, "first secure sector of bank 2", \
		       __VA_ARGS__),                                                       \
		AT_LSB("SECWM2_END", H5_SECWM2, 16, bits, "last secure sector of bank 2",  \
		       __VA_ARGS__)
#define HIDDEN(bits, ...)                                                            \
	AT_LSB("HDP1_STRT", H5_HDP1, 0, bits, "first sector of bank 1 to be hidden", \
	       __VA_ARGS__),                                                         \
		AT_LSB("HDP1_END", H5_HDP1, 16, bits,                                \
		       "last sector of bank 1 to be hidden", __VA_ARGS__),           \
		AT_LSB("HDP2_STRT", H5_HDP2, 0, bits,                                \
		       "first sector of bank 2 to be hidden", __VA_ARGS__),          \
		AT_LSB("HDP2_END", H5_HDP2, 16, bits,                                \
		       "last sector of bank 2 to be hidden", __VA_ARGS__)
#define GROUPS(name_, at_, bits, what_, ...)                                         \
	{                                                                            \
		.name = (name_), .at = (at_), .lsb = 0, .width = (bits),             \
		.kind = OPTION_WRP, .none = (uint32_t)((UINT64_C(1) << (bits)) - 1), \
		.what = "a bit that is 0 protects " what_, .only = {                 \
			__VA_ARGS__                                                  \
		}                                                                    \
	}
#define BY_FOUR(bits, ...)                                                      \
	GROUPS("WRPSG1", H5_WRP1, bits, "four sectors of bank 1", __VA_ARGS__), \
		GROUPS("WRPSG2", H5_WRP2, bits, "four sectors of bank 2", __VA_ARGS__)
#define DATA_SECTORS(n, at_, bits, ...)                                         \
	AT_LSB("EDATA" n "_STRT", at_, 0, bits,                                 \
	       "sectors of high-cycle data at the end of bank " n ", less one", \
	       __VA_ARGS__)
#define DATA_ENABLE(n, at_)                                             \
	BIT_FOR("EDATA" n "_EN", at_, 15, "high-cycle data in bank " n, \
		YES_NO("off", "on"), WITH_TRUSTZONE)

static const struct option_field h5_fields[] = {
	STATE(STATES_OF_ALL ";0x2e=iROT-Provisioned;0xc6=TZ-Closed;0x9a=Regression;0xa3="
			    "NS-Regression",
	      WITH_TRUSTZONE),
	STATE(STATES_OF_ALL ";0x9a=Regression", 0x474),
	BOR(H5_OPTSR, 0, 2),
	BIT_OF("BORH_EN", H5_OPTSR, 2, "reset below BOR_LEV", YES_NO("off", "on")),
	WATCHDOG("IWDG_SW", H5_OPTSR, 3, "watchdog (IWDG)"),
	WATCHDOG("WWDG_SW", H5_OPTSR, 4, "window watchdog"),
	NRST("NRST_STOP", H5_OPTSR, 6, "Stop"),
	NRST("NRST_STDBY", H5_OPTSR, 7, "Standby"),
	BIT_OF("IO_VDD_HSLV", H5_OPTSR, 16, "fast pins for VDD below 2.7 V",
	       YES_NO("off", "on")),
	BIT_OF("IO_VDDIO2_HSLV", H5_OPTSR, 17, "fast pins for VDDIO2 below 2.7 V",
	       YES_NO("off", "on")),
	COUNTS("IWDG_STOP", H5_OPTSR, 20, "Stop"),
	COUNTS("IWDG_STDBY", H5_OPTSR, 21, "Standby"),
	BYTE_OF("BOOT_UBE", H5_OPTSR, 22, "starts from",
		ON_OR_OFF("the flash (OEM iRoT)", "the ROM (ST iRoT)"), WITH_TRUSTZONE),
	BIT_OF("SWAP_BANK", H5_OPTSR, 31, "banks", YES_NO("as they are", "swapped")),
	RESET_OF("SRAM1_3_RST", 2, "SRAM1 and SRAM3", 0x484, 0x478, 0x47c),
	RESET_OF("SRAM1_3_4_5_RST", 2, "SRAM1, SRAM3, SRAM4 and SRAM5", 0x47a),
	RESET_OF("SRAM2_RST", 3, "SRAM2", 0),
	ECC_OF("BKPRAM_ECC", 4, "the backup RAM", 0),
	ECC_OF("SRAM3_ECC", 5, "SRAM3", 0x484, 0x47c, 0x47a),
	ECC_OF("SRAM2_ECC", 6, "SRAM2", 0),
	BIT_FOR("USBPD_DIS", H5_OPTSR2, 8, "dead battery mode of UCPD", YES_NO("on", "off"),
		WITH_TRUSTZONE),
	RESET_OF("SRAM1_RST", 9, "SRAM1", 0x474),
	ECC_OF("SRAM1_ECC", 10, "SRAM1", 0x474),
	BIT_FOR("HUK_PUF", H5_OPTSR2, 15, "the hardware's own key comes from the PUF",
		YES_NO("no", "yes"), 0x47a),
	BYTE_OF("TZEN", H5_OPTSR2, 24, "TrustZone", ON_OR_OFF("on", "off"), WITH_TRUSTZONE),
	BYTE_OF("NSBOOT_LOCK", H5_NSBOOT, 0, "SWAP_BANK and NSBOOTADD",
		ON_OR_OFF("cannot be changed", "can be changed"), 0),
	NUMBER("NSBOOTADD", H5_NSBOOT, 8, 24, "where it starts, divided by 256"),
	BYTE_OF("SECBOOT_LOCK", H5_SECBOOT, 0, "BOOT_UBE, SWAP_BANK and SECBOOTADD",
		ON_OR_OFF("cannot be changed", "can be changed"), WITH_TRUSTZONE),
	AT_LSB("SECBOOTADD", H5_SECBOOT, 8, 24, "where secure code starts, divided by 256",
	       WITH_TRUSTZONE),
	NUMBER("LOCKBL", H5_OTPBL, 0, 32, "a bit that is 1 locks 64 bytes of OTP memory"),
	SECTORS(5, 0x478),
	SECTORS(6, 0x47c),
	SECTORS(7, 0x484),
	SECTORS(8, 0x47a),
	GROUPS("WRPS1", H5_WRP1, 8, "a sector of bank 1", 0x474),
	GROUPS("WRPS2", H5_WRP2, 8, "a sector of bank 2", 0x474),
	BY_FOUR(8, 0x478),
	BY_FOUR(16, 0x47c),
	BY_FOUR(32, 0x484, 0x47a),
	GROUPS("WRPSG12", H5_WRP12, 32, "four sectors of bank 1, from 128 on", 0x47a),
	GROUPS("WRPSG22", H5_WRP22, 32, "four sectors of bank 2, from 128 on", 0x47a),
	DATA_SECTORS("1", H5_EDATA1, 3, 0x484, 0x478, 0x47c),
	DATA_SECTORS("1", H5_EDATA1, 4, 0x47a),
	DATA_ENABLE("1", H5_EDATA1),
	DATA_SECTORS("2", H5_EDATA2, 3, 0x484, 0x478, 0x47c),
	DATA_SECTORS("2", H5_EDATA2, 4, 0x47a),
	DATA_ENABLE("2", H5_EDATA2),
	HIDDEN(3, 0x474),
	HIDDEN(5, 0x478),
	HIDDEN(7, 0x484, 0x47c),
	HIDDEN(8, 0x47a),
	{ 0 },
};

/* 7.6.11. What debug authentication wants was provisioned before, or never will be. */
#define LEAVES_OPEN(code, name, closes)                                                 \
	{                                                                               \
		"PRODUCT_STATE", OPTION_EQUALS, code, NULL, 0, OPTION_IS_FINAL,         \
			"PRODUCT_STATE=" #code " (" name "): " closes                   \
			". The only way back is a regression by debug authentication, " \
			"whose keys or password must be in the chip already: without "  \
			"them nobody, ST included, can undo it"                         \
	}
#define REGRESSES(code, name)                                                              \
	{                                                                                  \
		"PRODUCT_STATE", OPTION_EQUALS, code, NULL, 0, OPTION_REFUSES,             \
			"PRODUCT_STATE=" #code " (" name                                   \
			"): a regression is not written but asked for by debug "           \
			"authentication (certificate or password), which tether does not " \
			"do; STM32CubeProgrammer does"                                     \
	}
#define HIDES_SECTORS(first, last)                                                         \
	{                                                                                  \
		first, OPTION_IS_AREA, 0, last, 0, OPTION_ASKS,                            \
			first ": once the program raises HDPL, neither it nor a debugger " \
			      "sees these sectors until a reset"                           \
	}
#define MOVES_DATA(n)                                                                   \
	{                                                                               \
		"EDATA" n "_EN", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,               \
			"EDATA" n "_EN: the last sectors of bank " n " change between " \
			"program and data: what they hold is of no use then"            \
	}
#define LOCKS_BOOT(name, what)                                                      \
	{                                                                           \
		name, OPTION_DIFFERS, 0xc3, NULL, 0, OPTION_REFUSES,                \
			name ": " what " can never be changed again but by a full " \
			     "regression"                                           \
	}
static const struct option_rule h5_rules[] = {
	LEAVES_OPEN(0x17, "Provisioning", "the chip starts no program any more"),
	LEAVES_OPEN(0x2e, "iROT-Provisioned",
		    "the first boot stage is closed to debuggers"),
	LEAVES_OPEN(0xc6, "TZ-Closed", "secure code is closed to debuggers"),
	LEAVES_OPEN(0x72, "Closed", "the core is closed to debuggers"),
	{ "PRODUCT_STATE", OPTION_EQUALS, 0x5c, NULL, 0, OPTION_REFUSES,
	  "PRODUCT_STATE=0x5c (Locked) is final: not even debug authentication opens the "
	  "chip again" },
	{ "PRODUCT_STATE", OPTION_EQUALS, 0xed, NULL, 0, OPTION_REFUSES,
	  "PRODUCT_STATE=0xed (Open): a regression is not written but asked for by debug "
	  "authentication (certificate or password), which tether does not do; "
	  "STM32CubeProgrammer does" },
	REGRESSES(0x9a, "Regression"),
	REGRESSES(0xa3, "NS-Regression"),
	{ "PRODUCT_STATE", OPTION_IS_UNKNOWN, 0, NULL, 0, OPTION_REFUSES,
	  "this chip has no such PRODUCT_STATE" },
	HARDWARE_WATCHDOG("IWDG_SW"),
	{ "WWDG_SW", OPTION_EQUALS, 0, NULL, 0, OPTION_ASKS,
	  "WWDG_SW=0: the window watchdog starts at a reset: a program that does not feed "
	  "it within some milliseconds is reset for ever. Way back: connect under reset" },
	RESETS_ASLEEP("NRST_STOP"),
	RESETS_ASLEEP("NRST_STDBY"),
	{ "BORH_EN", OPTION_EQUALS, 1, NULL, 0, OPTION_ASKS,
	  "BORH_EN=1: below the level of BOR_LEV the chip stays in reset: it would never "
	  "start again on a lower supply" },
	DESTROYS_PINS("IO_VDD_HSLV", "2.7"),
	DESTROYS_PINS("IO_VDDIO2_HSLV", "2.7"),
	PARITY("BKPRAM_ECC"),
	PARITY("SRAM1_ECC"),
	PARITY("SRAM2_ECC"),
	PARITY("SRAM3_ECC"),
	{ "SWAP_BANK", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "SWAP_BANK: after the reset 0x08000000 shows the other bank: if that holds no "
	  "program, the chip starts none" },
	{ "BOOT_UBE", OPTION_DIFFERS, 0xb4, NULL, 0, OPTION_REFUSES,
	  "BOOT_UBE: the chip starts ST's secure ROM, which without provisioned keys never "
	  "starts your program" },
	{ "TZEN", OPTION_DIFFERS, 0xc3, NULL, 0, OPTION_REFUSES,
	  "TZEN=0xb4: all of the flash becomes secure and the program in it no longer "
	  "starts. You could come back only by a regression" },
	LOCKS_BOOT("NSBOOT_LOCK", "NSBOOTADD and SWAP_BANK"),
	LOCKS_BOOT("SECBOOT_LOCK", "SECBOOTADD, BOOT_UBE and SWAP_BANK"),
	{ "NSBOOTADD", OPTION_DIFFERS, 0x80000, NULL, 0, OPTION_ASKS,
	  "NSBOOTADD: the chip no longer starts at 0x08000000: if no program is where it "
	  "starts, the core locks up, and you get in under reset" },
	{ "LOCKBL", OPTION_DIFFERS, 0, NULL, 0, OPTION_IS_FINAL,
	  "LOCKBL: OTP memory that is locked stays so for ever" },
	HIDES_SECTORS("HDP1_STRT", "HDP1_END"),
	HIDES_SECTORS("HDP2_STRT", "HDP2_END"),
	MOVES_DATA("1"),
	MOVES_DATA("2"),
	{ 0 },
};
const struct option_set option_set_h5 = {
	.name = "STM32H5",
	.source = "RM0481 Rev 3, RM0492 Rev 2",
	.base = 0x40022000,
	.control = &h5_control,
	.registers = h5_registers,
	.fields = h5_fields,
	.rules = h5_rules,
	.bor_mv = { 2100, 2400, 2700, 2100 },
	.product_state = &product_state_h5,
};
