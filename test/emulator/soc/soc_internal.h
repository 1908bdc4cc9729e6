/* SPDX-License-Identifier: MIT */
/*
 * soc_internal.h - what the files of this folder share: the chip's state, the
 * services a peripheral may ask of it.
 */
#ifndef TEST_EMULATOR_SOC_SOC_INTERNAL_H
#define TEST_EMULATOR_SOC_SOC_INTERNAL_H

#include "test/emulator/base/chance.h"
#include "test/emulator/cpu/cpu.h"
#include "test/emulator/soc/chip.h"
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/soc.h"

enum { SOC_MAX_WINDOWS = 32, SOC_MAX_PERIPHERALS = 176 };

/* Whose view of the addresses: a core's, by its index, or that of all other masters. */
enum { NO_CORE = CHIP_MAX_CORES, ALL_VIEWS = 0xFF };

/* A stretch of addresses that is plain memory. */
struct window {
	uint32_t at, size;
	uint8_t *host;
	enum cpu_memory kind;
	uint8_t views; /* a bit per view in which it is there */
};

struct soc_core {
	struct cpu *cpu;
	struct soc *soc;
	uint64_t held_until_ns;   /* a bus access holds it up */
	uint64_t cycle_rest;      /* of a cycle, in ns * Hz */
	uint64_t counted;         /* instructions added to stats */
	unsigned halts_passed_on; /* to the cross triggers */
	bool spins;               /* stays in a loop until something happens */
};

struct soc {
	const struct chip *chip;
	struct stats *stats;
	struct soc_core cores[CHIP_MAX_CORES];
	uint8_t *memories[CHIP_MAX_MEMORIES];
	struct window windows[SOC_MAX_WINDOWS];
	unsigned windows_len;
	struct peripheral *peripherals[SOC_MAX_PERIPHERALS];
	unsigned peripherals_len;
	/* Those that have events of their own. */
	struct peripheral *timed[SOC_MAX_PERIPHERALS];
	unsigned timed_len;
	struct peripheral *last_hit; /* by the bus: accesses cluster */
	struct peripheral *clock, *flash, *boot, *pins, *power, *debug;

	uint64_t seed;             /* of what RAM holds at first */
	uint8_t *weak_cells;       /* of the main flash, a bit each (weak.c); NULL: none */
	uint8_t *programmed_cells; /* a byte each: since the last erase, in this run */
	struct chance weak_chance;
	struct chance early_chance; /* of outrun.c */
	uint64_t now_ns;
	struct soc_core *running; /* inside cpu_run() */
	uint64_t running_since;   /* its instructions then */
	uint32_t read_lanes;      /* of the word that a peripheral is read for */
	unsigned master;          /* whose access a peripheral sees: a core or NO_CORE */
	unsigned triggers_len;    /* cross triggers that pass a core's halt on */

	double volts;
	bool powered;
	bool nrst_is_high;
	bool boot0_is_high;
	bool in_reset; /* system reset */
	bool drives_nrst;
	bool awaits_low_nrst;    /* drives it until it is low */
	bool debugger_came;      /* since the power came */
	bool is_closed;          /* by read protection: intrusion.c */
	bool is_outrun;          /* the flash, by the clock: outrun.c */
	bool is_loading_options; /* as long as that reset lasts: debug is closed */
	uint64_t reset_until_ns;
	unsigned debug_epoch;
	bool reset_is_asked;
	enum reset_source reset_asked;
	unsigned reset_core; /* of the cores, the one that asked for the last reset */

	enum core_supply supply_wired;
	bool core_supply_is_lost; /* until the power has been off */

	struct soc_lies lies;
};

/* --- services for peripherals ------------------------------------------------ */

/* The device time of this very moment, also inside a core's access. */
uint64_t soc_time(const struct soc *soc);
uint64_t soc_cycles_to_ns(const struct soc_core *core, uint64_t cycles);
/* A peripheral's due_ns became earlier or a reset was asked: cores stop to look. */
void soc_wake(struct soc *soc);
/* Asks for a reset; it happens when the access that asked is over. */
void soc_ask_reset(struct soc *soc, enum reset_source source);
double soc_volts(const struct soc *soc);
void soc_irq(struct soc *soc, int irq, bool level);
uint32_t soc_core_hz(const struct soc *soc, unsigned core);
bool soc_core_is_halted(const struct soc *soc);
bool soc_core_halted(const struct soc *soc, unsigned core);
/* Does the core wait for its boot option, or for the other core to let it go? */
bool core_waits(const struct soc *soc, unsigned core);
/* A core that waits for its boot option or for the other core to let it go: its clock is
 * off (RM0399 Rev 4, 9.3 "Boot modes"). */
bool core_is_gated(const struct soc *soc, unsigned core);
/* The supply of cores and debug port breaks down, and only new power brings it back. */
void soc_lose_core_supply(struct soc *soc);
/* Resets the peripherals that hang on those bits of an RCC enable register. */
void soc_reset_gated(struct soc *soc, uint16_t enr, uint32_t bits);

/* --- ports.c ----------------------------------------------------------------- */

/* Standby or shutdown: cores and debug port have no supply. */
bool port_is_in_standby(const struct soc *soc);
/* Plain sleep stops the clock of the bus that this core's access port is on. */
bool port_waits_for_core(const struct soc *soc, unsigned core);
/* Does HCLK run, for that core's port and for the peripherals around it? Not in STOP, nor
 * while the system clock stands still. */
bool port_is_clocked(const struct soc *soc, unsigned core);

/* --- windows.c --------------------------------------------------------------- */

void windows_create(struct soc *soc);
void windows_free(struct soc *soc);
/* Shows cells at an address, on all cores; a window there before is replaced. */
void windows_show(struct soc *soc, uint32_t at, uint32_t size, uint8_t *host,
		  enum cpu_memory kind);
void windows_hide(struct soc *soc, uint32_t at);
/* Shows at 0 what is at `target` (boot modes). */
void windows_show_at_zero(struct soc *soc, uint32_t target);
const struct window *windows_find(const struct soc *soc, uint32_t at); /* as core 0 */
const struct window *windows_find_in(const struct soc *soc, unsigned view, uint32_t at);
/* What RAM holds after power came: nothing in particular, but always the same. */
void windows_scramble(struct soc *soc);
/* The address at which the cells of `window` are known to the flash: aliases undone. */
uint32_t windows_home(const struct soc *soc, const struct window *window, uint32_t at);
void windows_changed(struct soc *soc, const uint8_t *host, uint32_t size);

/* Takes from the cores the windows of what intrusion_closes() names, or gives them back. */
void windows_close(struct soc *soc, bool closed);
/* ... of what outrun_closes() names. */
void windows_outrun(struct soc *soc, bool closed);

/* --- weak.c ------------------------------------------------------------------ */

/* A debugger reads the word at `host`, or the power came. */
void weak_look(struct soc *soc, const uint8_t *host);
void weak_look_at_all(struct soc *soc);

/* --- intrusion.c ------------------------------------------------------------- */

/* Is the main memory protected by level 1, and was a debugger there? */
bool soc_is_intruded(const struct soc *soc);
bool intrusion_closes(const struct soc *soc, const uint8_t *host);
bool intrusion_closes_register(const struct soc *soc, uint32_t at);

/* --- outrun.c ---------------------------------------------------------------- */

/* Is that of the main flash, while the clock is too fast for its wait states? */
bool outrun_closes(const struct soc *soc, const uint8_t *host);
/* What a read of the word at `host`, which holds `word`, brings. */
uint32_t outrun_read(struct soc *soc, const uint8_t *host, uint32_t word);
/* After a change of clock, wait states or VCORE; while a core runs it does nothing. */
void outrun_settle(struct soc *soc);

/* --- secured.c --------------------------------------------------------------- */

/* A debugger reached for something. */
void intrusion_note(struct soc *soc);
/* After options were loaded: closes or opens what level 1 protects. Not while a core runs. */
void intrusion_settle(struct soc *soc);
/* Going back to level 0 costs more than the flash: RAM and backup registers. */
void intrusion_erase(struct soc *soc);

/* --- bus.c ------------------------------------------------------------------- */

struct cpu_bus bus_of_core(struct soc_core *core);
struct peripheral *bus_find(struct soc *soc, unsigned view, uint32_t at);
/* Is its clock gate in RCC open? */
bool bus_is_clocked(const struct soc *soc, const struct peripheral *peripheral);
/* An access by a master that is no core, the value in its byte lanes; also from inside
 * another master's access. */
enum bus_result
bus_master_access(struct soc *soc, uint32_t at, unsigned size, bool write, uint32_t *word);

/* --- kept.c ------------------------------------------------------------------ */

/* Something harmless for who boots from system memory. */
void rom_create(struct soc *soc);

/* ---- lies.c ---- */
/* What a debugger gets for the word at `at`, which is `value`. */
uint32_t lies_about(const struct soc *soc, unsigned port, uint32_t at, unsigned size,
		    uint32_t value);

/* --- reset.c ----------------------------------------------------------------- */

void reset_begin(struct soc *soc, enum reset_source source);
void reset_core_alone(struct soc *soc, unsigned core);
/* Lets go the cores that wait no longer. */
void cores_release(struct soc *soc);
/* Lets the chip go when nothing holds it any more. */
void reset_end_if_over(struct soc *soc);

#endif /* TEST_EMULATOR_SOC_SOC_INTERNAL_H */
