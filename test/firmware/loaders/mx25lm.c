/* SPDX-License-Identifier: MIT */
/*
 * mx25lm.c - loaders for the octal flash of the STM32H735G-DK, MX25LM51245G behind OCTOSPI1, as
 * a user of that board has one: compiled as a flash algorithm of CMSIS-Pack (LOADER_FLM) and as an
 * external loader for ST's tools (LOADER_STLDR). On one line, with addresses of four bytes.
 *
 * RM0468 Rev 3, chapters 8 (RCC), 11 (GPIO) and 25 (OCTOSPI); UM2679 (the board's pins); the
 * memory's data sheet (command codes).
 *
 * LOADER_FLM makes the memory readable by its address in Init(.., 3) alone; with
 * LOADER_UNMAPPED never: then its Verify reads by commands.
 */
#include <stdint.h>

#define WORD(at) (*(volatile uint32_t *)(at))
#define BYTE(at) (*(volatile uint8_t *)(at))

enum { KIB = 1024, MIB = 1024 * KIB, PAGE = 256, SECTOR = 4 * KIB, SIZE = 64 * MIB };
#define MEMORY_AT UINT32_C(0x90000000)

/* 8.7.38, 8.7.40 */
#define RCC_AHB3ENR       WORD(0x580244d4)
#define AHB3ENR_OCTOSPI1  (UINT32_C(1) << 14)
#define RCC_AHB4ENR       WORD(0x580244e0)
#define AHB4ENR_D_F_G     (UINT32_C(0x68))
#define GPIO(port)        (UINT32_C(0x58020000) + UINT32_C(0x400) * (uint32_t)((port) - 'A'))
#define GPIO_MODER(port)  WORD(GPIO(port))
#define GPIO_AFR(port, n) WORD(GPIO(port) + 0x20 + 4 * ((n) / 8))

/* 25.7 */
#define OCTOSPI(offset) (UINT32_C(0x52005000) + (offset))
#define CR              WORD(OCTOSPI(0x000))
#define CR_EN           (UINT32_C(1) << 0)
#define CR_ABORT        (UINT32_C(1) << 1)
#define CR_READ         (UINT32_C(1) << 28)
#define CR_MAPPED       (UINT32_C(3) << 28)
#define DCR1            WORD(OCTOSPI(0x008))
#define DCR1_64_MIB     (UINT32_C(25) << 16)
#define SR              WORD(OCTOSPI(0x020))
#define SR_TCF          (UINT32_C(1) << 1)
#define SR_BUSY         (UINT32_C(1) << 5)
#define FCR             WORD(OCTOSPI(0x024))
#define DLR             WORD(OCTOSPI(0x040))
#define AR              WORD(OCTOSPI(0x048))
#define DR_AT           OCTOSPI(0x050)
#define CCR             WORD(OCTOSPI(0x100))
#define CCR_COMMAND     (UINT32_C(1) << 0)
#define CCR_ADDRESS     (UINT32_C(1) << 8 | UINT32_C(3) << 12)
#define CCR_DATA        (UINT32_C(1) << 24)
#define IR              WORD(OCTOSPI(0x110))

enum command {
	READ_STATUS = 0x05,
	WRITE_ENABLE = 0x06,
	PROGRAM = 0x12,
	READ = 0x13,
	ERASE_4K = 0x21
};
enum { STATUS_WIP = 1 };

#ifdef LOADER_UNMAPPED
#define MAPS 0
#else
#define MAPS 1
#endif

static void
pin_set_up(char port, unsigned n, uint32_t function)
{
	GPIO_MODER(port) = (GPIO_MODER(port) & ~(UINT32_C(3) << 2 * n)) | UINT32_C(2)
										  << 2 * n;
	GPIO_AFR(port, n) = (GPIO_AFR(port, n) & ~(UINT32_C(15) << 4 * (n % 8))) |
			    function << 4 * (n % 8);
}

static void
leave_mapped(void)
{
	CR |= CR_ABORT;
	while (CR & CR_ABORT)
		;
	FCR = SR_TCF;
	CR = CR_EN;
}

static void
set_up(void)
{
	RCC_AHB3ENR |= AHB3ENR_OCTOSPI1;
	RCC_AHB4ENR |= AHB4ENR_D_F_G;
	(void)RCC_AHB4ENR;
	pin_set_up('G', 6, 10);
	pin_set_up('F', 10, 9);
	pin_set_up('D', 11, 9);
	pin_set_up('D', 12, 9);
	CR = CR_EN;
	DCR1 = DCR1_64_MIB;
	leave_mapped();
}

static void
finish(void)
{
	while ((SR & SR_TCF) == 0)
		;
	FCR = SR_TCF;
	while (SR & SR_BUSY)
		;
}

static void
read_begin(enum command command, uint32_t parts, uint32_t at, uint32_t size)
{
	CR = CR_EN | CR_READ;
	DLR = size - 1;
	CCR = CCR_COMMAND | CCR_DATA | parts;
	IR = command;
	if (parts != 0)
		AR = at;
}

static void
wait_until_ready(void)
{
	uint8_t status;

	do {
		read_begin(READ_STATUS, 0, 0, 1);
		status = BYTE(DR_AT);
		finish();
	} while (status & STATUS_WIP);
}

static void
write_enable(void)
{
	CR = CR_EN;
	CCR = CCR_COMMAND;
	IR = WRITE_ENABLE;
	finish();
}

static void
erase(uint32_t at)
{
	write_enable();
	CCR = CCR_COMMAND | CCR_ADDRESS;
	IR = ERASE_4K;
	AR = at;
	finish();
	wait_until_ready();
}

static void
program(uint32_t at, uint32_t size, const uint8_t *from)
{
	for (uint32_t done = 0; done < size; done += PAGE) {
		write_enable();
		DLR = PAGE - 1;
		CCR = CCR_COMMAND | CCR_ADDRESS | CCR_DATA;
		IR = PROGRAM;
		AR = at + done;
		for (uint32_t i = 0; i < PAGE; i++)
			BYTE(DR_AT) = from[done + i];
		finish();
		wait_until_ready();
	}
}

static void
map(void)
{
	CR = CR_EN | CR_MAPPED;
	CCR = CCR_COMMAND | CCR_ADDRESS | CCR_DATA;
	IR = READ;
}

#ifdef LOADER_FLM

/* CMSIS-Pack, "Flash Device Description". */
struct FlashDevice {
	uint16_t version;
	char name[128];
	uint16_t type;
	uint32_t at, size, page, reserved;
	uint8_t erased;
	uint32_t program_ms, erase_ms;
	struct {
		uint32_t size, from;
	} sectors[2];
};

extern const struct FlashDevice FlashDevice;
__attribute__((section("DevDscr"), used)) const struct FlashDevice FlashDevice = {
	.version = 0x0101,
	.name = "MX25LM51245G of STM32H735G-DK",
	.type = 5, /* external flash, by SPI */
	.at = MEMORY_AT,
	.size = SIZE,
	.page = 4 * KIB,
	.erased = 0xff,
	.program_ms = 1000,
	.erase_ms = 6000,
	.sectors = { { SECTOR, 0 }, { UINT32_MAX, UINT32_MAX } },
};

/* What r9 points to. gcc has no option for variables there: the register has a name. */
struct state {
	int begun; /* how often Init was called without UnInit, which is a fault */
};
__attribute__((section("PrgData"), used)) static struct state first_state;
register struct state *state __asm__("r9");

int Init(uint32_t at, uint32_t clock, uint32_t function);
int UnInit(uint32_t function);
int EraseSector(uint32_t at);
int ProgramPage(uint32_t at, uint32_t size, const uint8_t *from);
uint32_t Verify(uint32_t at, uint32_t size, const uint8_t *wanted);

int
Init(uint32_t at, uint32_t clock, uint32_t function)
{
	(void)at, (void)clock;
	if (state->begun++ != 0)
		return 1;
	set_up();
	if (function == 3 && MAPS)
		map();
	return 0;
}

int
UnInit(uint32_t function)
{
	(void)function;
	state->begun--;
	leave_mapped();
	return 0;
}

int
EraseSector(uint32_t at)
{
	erase(at - MEMORY_AT);
	return 0;
}

int
ProgramPage(uint32_t at, uint32_t size, const uint8_t *from)
{
	program(at - MEMORY_AT, size, from);
	return 0;
}

uint32_t
Verify(uint32_t at, uint32_t size, const uint8_t *wanted)
{
	uint32_t first = UINT32_MAX;

	read_begin(READ, CCR_ADDRESS, at - MEMORY_AT, size);
	for (uint32_t i = 0; i < size; i++)
		if (BYTE(DR_AT) != wanted[i] && first == UINT32_MAX)
			first = at + i;
	finish();
	return first == UINT32_MAX ? at + size : first;
}

#else

/* UM2237, "Developing customized loaders". */
struct StorageInfo {
	char name[100];
	uint16_t type;
	uint32_t at, size, page;
	uint8_t erased;
	struct {
		uint32_t count, size;
	} sectors[10];
};

extern const struct StorageInfo StorageInfo;
__attribute__((section(".Dev_info"), used)) const struct StorageInfo StorageInfo = {
	.name = "MX25LM51245G of STM32H735G-DK",
	.type = 4, /* SPI flash */
	.at = MEMORY_AT,
	.size = SIZE,
	.page = PAGE,
	.erased = 0xff,
	.sectors = { { SIZE / SECTOR, SECTOR } },
};

int Init(void);
int Write(uint32_t at, uint32_t size, const uint8_t *from);
int SectorErase(uint32_t first, uint32_t last);

int
Init(void)
{
	set_up();
	map();
	return 1;
}

int
Write(uint32_t at, uint32_t size, const uint8_t *from)
{
	leave_mapped();
	program(at - MEMORY_AT, size, from);
	map();
	return 1;
}

int
SectorErase(uint32_t first, uint32_t last)
{
	leave_mapped();
	for (uint32_t at = first & ~(uint32_t)(SECTOR - 1); at <= last; at += SECTOR)
		erase(at - MEMORY_AT);
	map();
	return 1;
}

#endif
