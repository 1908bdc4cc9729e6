/* SPDX-License-Identifier: MIT */
/*
 * peripheral.h - what a peripheral is to the chip it sits in.
 *
 * A type is one file with one constant table; an instance is created for each
 * place of a chip that names the type, and embeds struct peripheral as its first
 * member. What only some types do (being the clock tree, the flash, the pins)
 * is a role: a pointer to a group of functions, NULL for all others.
 *
 * Registers are reached in whole words: a narrow write comes with the mask of
 * its byte lanes. Addresses are offsets from the place's base.
 */
#ifndef TEST_EMULATOR_SOC_PERIPHERAL_H
#define TEST_EMULATOR_SOC_PERIPHERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "test/emulator/base/stats.h"
#include "test/emulator/soc/chip.h"
#include "test/emulator/soc/soc.h"

#define NEVER UINT64_MAX

struct peripheral;

enum reset_depth {
	RESET_ALL,   /* power came: everything */
	RESET_SYSTEM /* system reset: what the manual does not exempt */
};

/* What a clock has that stands still: as slow as can be expressed. */
#define CLOCK_STANDS_STILL_HZ UINT32_C(1)

/* RCC: frequencies, clock gates and the flags that tell who reset the chip. */
struct clock_role {
	uint32_t (*core_hz)(const struct peripheral *clock, unsigned core);
	bool (*hsi_is_ready)(const struct peripheral *clock);
	bool (*is_enabled)(const struct peripheral *clock, struct clock_gate gate);
	void (*reset_by)(struct peripheral *clock, enum reset_source source);
	/* Of several cores: has the domain of this one its clock, though it may sleep? NULL: not while
	 * the core is in Stop. */
	bool (*has_domain_clock)(const struct peripheral *clock, unsigned core);
};

/* A controller of flash cells. */
struct flash_role {
	/* One store to the array, as BUS_OK even when a flag then tells of an error. */
	enum bus_result (*store)(struct peripheral *flash, uint32_t at, unsigned size,
				 uint32_t value);
	/* Device time until which a read of `at` is held up; 0: it is answered now. */
	uint64_t (*held_until)(const struct peripheral *flash, uint32_t at);
	/* A debugger reads there: sets the flags that this deserves. BUS_FAULT: refused, as
	 * a double ECC error is. NULL: reading has no consequences. */
	enum bus_result (*load)(struct peripheral *flash, uint32_t at);
	/* May a debugger read there? Of the main memory only RDP level 1 says it may not, and
	 * that is is_level_1()'s business. NULL: it may. */
	bool (*is_readable)(const struct peripheral *flash, uint32_t at);
	/* A data read of `at` brought `word`: flags and interrupts that come of it, and
	 * what is read instead (PCROP, ECC). NULL: nothing. */
	void (*was_read)(struct peripheral *flash, uint32_t at, uint32_t *word);
	/* Read protection of level 1: intrusion.c does what comes of it. */
	bool (*is_level_1)(const struct peripheral *flash);
	/* Option bytes take effect: power came, or OBL_LAUNCH. */
	void (*load_options)(struct peripheral *flash);
	/* The power went away or a reset came in the middle of an operation. */
	void (*interrupt)(struct peripheral *flash);
	bool (*debug_is_closed)(const struct peripheral *flash); /* RDP level 2 */
	/* The product state that closes the ports of cores alone. NULL: there is none. */
	bool (*core_port_is_closed)(const struct peripheral *flash);
	/* LATENCY. NULL: nothing hangs on it. */
	unsigned (*wait_states)(const struct peripheral *flash);
	/* The option byte that has the watchdog run from reset on. */
	bool (*starts_watchdog)(const struct peripheral *flash);
	/* The option by which an internal reset goes on until the pin was seen low (IRHEN).
	 * NULL: there is none, it ends by itself. */
	bool (*holds_resets)(const struct peripheral *flash);
	/* Sets an option by its manual name before power comes: "RDP=1" gives 1 twice, a
	 * range as "WRP1A=0-3" its ends. False: no such option, or no such value.
	 * NULL: this controller has no options to set. */
	bool (*preset)(struct peripheral *flash, const char *name, uint32_t first,
		       uint32_t last);
};

/* What is shown at address 0 and so decides what runs after reset. */
struct boot_role {
	void (*boot)(struct peripheral *boot);
	/* Where a core finds its vectors after reset; NULL: at 0. */
	uint32_t (*vectors)(const struct peripheral *boot, unsigned core);
	/* Does that core wait to be let go by the other (option BCM4 = 0)? NULL: no. */
	bool (*is_held)(const struct peripheral *boot, unsigned core);
};

/* The port with the SWD pins. */
struct pins_role {
	bool (*has_swd)(const struct peripheral *pins); /* PA13 and PA14 are of this port */
	bool (*are_debug)(const struct peripheral *pins);
};

/* PWR: does deep sleep, as it is set up now, take the supply from the core? */
struct power_role {
	bool (*loses_core)(const struct peripheral *power, unsigned core);
	/* The range of VCORE, 1 the highest. NULL: nothing hangs on it. */
	unsigned (*voltage_range)(const struct peripheral *power);
};

/* DBGMCU: what the debug logic keeps in low-power modes. */
struct debug_role {
	/* NULL: it always is. Is the debugger's way to this core clocked while it is in
	 * plain sleep? */
	bool (*is_clocked_in_sleep)(const struct peripheral *debug, unsigned core);
	bool (*is_clocked_in_stop)(const struct peripheral *debug, unsigned core);
	bool (*is_powered_in_standby)(const struct peripheral *debug, unsigned core);
	bool (*stops_watchdog)(const struct peripheral *debug);
	/* NULL: stops_watchdog() tells while core 0 is halted. Is this watchdog's count
	 * frozen now? */
	bool (*freezes)(const struct peripheral *debug, const struct chip_place *watchdog);
	/* NULL: all are. Has that clock of the debug logic been enabled (GATE_DEBUG)? */
	bool (*has_clock)(const struct peripheral *debug, unsigned bit);
	/* NULL: never. Is the trace pin given to the trace port, with its clock? */
	bool (*puts_out_trace)(const struct peripheral *debug);
};

/* A cross trigger interface. */
struct trigger_role {
	void (*core_halted)(struct peripheral *trigger, unsigned core);
};

/* A memory beside the chip that keeps its contents without power, in blocks. */
struct store_role {
	bool (*is_there)(const struct peripheral *store);
	/* The `index`th block that need not be blank, and where in the memory it is; false past
	 * the last. */
	bool (*used)(struct peripheral *store, unsigned index, struct soc_kept *kept,
		     uint32_t *at);
	/* The block at `at`, to be filled; false: none begins there. */
	bool (*block)(struct peripheral *store, uint32_t at, struct soc_kept *kept);
	/* Solders another one there: the model and its wires, as soc_wire_beside(). */
	const char *(*wire)(struct peripheral *store, const char *text);
};

struct peripheral_type {
	const char *name;
	size_t size; /* of an instance; it begins with zeros, then comes reset() */
	/* BUS_FAULT: the bus answers with an error. BUS_WAIT: a write stalls until `due`
	 * was called; with no `due` to come, and for a read, it never ends. */
	enum bus_result (*read)(struct peripheral *peripheral, uint32_t at,
				uint32_t *value);
	enum bus_result (*write)(struct peripheral *peripheral, uint32_t at, uint32_t value,
				 uint32_t lanes);
	/* A read changes nothing, and brings the same until `due` is called or something is
	 * written: a core that only waits for the register may be left to it. */
	bool is_steady;
	void (*reset)(struct peripheral *peripheral, enum reset_depth depth);
	void (*free)(struct peripheral *peripheral); /* what it allocated; NULL: nothing */
	void (*due)(struct peripheral *peripheral);  /* due_ns has come; sets a new one */
	const struct clock_role *clock;
	const struct flash_role *flash;
	const struct boot_role *boot;
	const struct pins_role *pins;
	const struct power_role *power;
	const struct debug_role *debug;
	const struct trigger_role *trigger;
	const struct store_role *store;
};

struct peripheral {
	const struct peripheral_type *type;
	const struct chip_place *place;
	struct soc *soc;
	uint8_t views;   /* a bit per view in which it is there */
	uint64_t due_ns; /* device time of its next own event, or NEVER */
};

/* Bit n of a register. */
#define BIT(n) (UINT32_C(1) << (n))

#define CONTAINER_OF(pointer, type, member) \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))
#define CONST_CONTAINER_OF(pointer, type, member) \
	((const type *)(const void *)((const char *)(pointer)-offsetof(type, member)))

/* One register of a plain register file: its reset value and the bits that can be
 * written. Registers that no rule names are 0 after reset and wholly writable. */
struct reg_rule {
	uint16_t at;
	uint32_t reset, writable;
};
struct reg_rules {
	const struct reg_rule *rules;
	unsigned len;
};

/* The word that results when the lanes of `value` that are both sent and writable
 * replace those of `old`. */
static inline uint32_t
reg_merge(uint32_t old, uint32_t value, uint32_t lanes)
{
	return (old & ~lanes) | (value & lanes);
}

/* Sets `values` (one per word of the file) to their reset values. */
void reg_rules_reset(const struct reg_rules *rules, uint32_t *values, unsigned len);
/* The bits of the register at `at` that can be written. */
uint32_t reg_rules_writable(const struct reg_rules *rules, uint32_t at);

/*
 * 1 KiB of words, the usual size of a place: what a peripheral is that only remembers what
 * was written, and what one begins with that does a little more.
 */
enum { REGISTER_FILE_WORDS = 256 };
struct register_file {
	struct peripheral base;
	uint32_t values[REGISTER_FILE_WORDS];
};
uint32_t *register_file_values(struct peripheral *peripheral);
uint32_t register_file_value(const struct peripheral *peripheral, uint32_t at);
/* For struct peripheral_type. Rules are the place's parameters, or NULL. */
enum bus_result
register_file_read(struct peripheral *peripheral, uint32_t at, uint32_t *value);
enum bus_result register_file_write(struct peripheral *peripheral, uint32_t at,
				    uint32_t value, uint32_t lanes);
/* The lanes that `rules` let be written. */
void register_file_merge(struct peripheral *peripheral, const struct reg_rules *rules,
			 uint32_t at, uint32_t value, uint32_t lanes);

/* Its parameters: struct reg_rules, or NULL. The other types are in the rooms' types.h. */
extern const struct peripheral_type register_file_type;

#endif /* TEST_EMULATOR_SOC_PERIPHERAL_H */
