/* SPDX-License-Identifier: MIT */
#include "transport/probe/stlink/version.h"

#include "transport/base/bytes.h"
#include "transport/base/text.h"

#include <assert.h>

enum { VERSION_SIZE = 6, VERSION_EX_SIZE = 12, GENERATIONS = 5, NEVER = 255 };

/* An ST-LINK/V2-ISOL has the name and the id of an ST-LINK/V2 (UM1075 is the manual of both), and
 * its isolator answers half a clock too late at 4 MHz. 1.8 MHz is the V2's next clock, which is
 * what stlink-org takes for every V2 (STLINK_SWDCLK_1P8MHZ_DIVISOR). */
enum { ISOLATED_HZ = 1800000 };

#define LOADER "it is in its firmware-update loader, which knows no debugging", FINDING_A4
#define OLD                                                                    \
	"it is a first generation ST-LINK, which speaks another protocol and " \
	"hardly any SWD",                                                      \
		FINDING_PROBE_FIRST_GENERATION

/* Product ids: openocd abbbc2e05 stlink_usb.c, pyOCD probe/stlink/usb.py (which has the
 * endpoints as well). */
const struct stlink_model stlink_models[] = {
	{ 0x3744, "ST-LINK/V1", 0x02, false, OLD, 0 },
	{ 0x3748, "ST-LINK/V2", 0x02, false, NULL, FINDING_NONE, ISOLATED_HZ },
	{ 0x374a, "ST-LINK/V2-1", 0x01, true, NULL, FINDING_NONE, 0 },
	{ 0x374b, "ST-LINK/V2-1", 0x01, true, NULL, FINDING_NONE, 0 },
	{ 0x374d, "STLINK-V3", 0x01, false, LOADER, 0 },
	{ 0x374e, "STLINK-V3E", 0x01, false, NULL, FINDING_NONE, 0 },
	{ 0x374f, "STLINK-V3S", 0x01, false, NULL, FINDING_NONE, 0 },
	{ 0x3752, "ST-LINK/V2-1", 0x01, true, NULL, FINDING_NONE, 0 },
	{ 0x3753, "STLINK-V3", 0x01, false, NULL, FINDING_NONE, 0 },
	{ 0x3754, "STLINK-V3E", 0x01, false, NULL, FINDING_NONE, 0 },
	{ 0x3755, "STLINK-V3PWR", 0x01, false, LOADER, 0 },
	{ 0x3757, "STLINK-V3PWR", 0x01, false, NULL, FINDING_NONE, 0 },
};
const size_t stlink_models_len = array_len(stlink_models);

struct feature {
	const char *name;
	uint8_t since[GENERATIONS]; /* J number by generation; NEVER */
	bool is_loss;               /* for who debugs, and not only slower */
};

/* openocd abbbc2e05 stlink_usb.c, the flags of stlink_usb_version(). */
static const struct feature features[] = {
	[STLINK_HAS_COM_CLOCK] = { "set the clock in kHz",
				   { NEVER, NEVER, NEVER, 0, 0 },
				   false },
	[STLINK_HAS_DAP_REGISTERS] = { "access debug port registers",
				       { NEVER, NEVER, 24, 0, 0 },
				       true },
	[STLINK_HAS_MEMORY_16] = { "access memory in halfwords",
				   { NEVER, NEVER, 26, 0, 0 },
				   true },
	[STLINK_HAS_INIT_AP] = { "reach other access ports than 0",
				 { NEVER, NEVER, 28, 0, 0 },
				 true },
	[STLINK_HAS_DP_BANKS] = { "reach banked debug port registers",
				  { NEVER, NEVER, 32, 2, 0 },
				  true },
	[STLINK_HAS_AP_IN_MEMORY] = { "access memory through another access port than 0",
				      { NEVER, NEVER, 32, 2, 0 },
				      true },
	[STLINK_HAS_RW_MISC] = { "do mixed accesses in one command",
				 { NEVER, NEVER, 32, 2, 0 },
				 false },
	/* pyOCD MIN_JTAG_VERSION_GET_BOARD_IDS */
	[STLINK_HAS_BOARD_ID] = { "tell its board", { NEVER, NEVER, 36, 6, 0 }, false },
	[STLINK_HAS_MEMORY_8_OF_512] = { "access 512 single bytes at once",
					 { NEVER, NEVER, NEVER, 6, 0 },
					 false },
};
_Static_assert(array_len(features) == STLINK_FEATURES, "a row for every feature");

const struct stlink_model *
stlink_model_find(uint16_t vendor, uint16_t product)
{
	for (size_t i = 0; i < stlink_models_len; i++)
		if (vendor == STLINK_VENDOR && product == stlink_models[i].product)
			return &stlink_models[i];
	return NULL;
}

/* A V2-1's two numbers are J and M, or M and S when its firmware is for the STM8 only.
 * Which it is shows only in their ranges: openocd abbbc2e05 stlink_usb_version(). */
static bool
is_stm8_only(uint8_t x, uint8_t y)
{
	return (x <= 22 && y == 7) || (x >= 25 && y >= 7 && y <= 12);
}

static void
parse_version(const struct stlink_model *model, const uint8_t *reply,
	      struct stlink_version *version)
{
	/* Big-endian, unlike all else: 15:12 generation, 11:6 and 5:0 two versions. */
	unsigned numbers = (unsigned)reply[0] << 8 | reply[1];
	uint8_t x = (numbers >> 6) & 0x3f;
	uint8_t y = numbers & 0x3f;

	*version = (struct stlink_version){ .generation = (uint8_t)(numbers >> 12) };
	version->vendor = le16_get(reply + 2);
	version->product = le16_get(reply + 4);
	if (!model->has_mass_number) {
		version->jtag = x;
		version->swim = y;
	} else if (is_stm8_only(x, y)) {
		version->mass = x;
		version->swim = y;
	} else {
		version->jtag = x;
		version->mass = y;
	}
}

static void
parse_version_ex(const uint8_t *reply, struct stlink_version *version)
{
	*version = (struct stlink_version){
		.generation = reply[0],
		.swim = reply[1],
		.jtag = reply[2],
		.mass = reply[3],
		.bridge = reply[4],
		.vendor = le16_get(reply + 8),
		.product = le16_get(reply + 10),
	};
}

static void
spell_version(struct stlink_version *version)
{
	const struct {
		char letter;
		uint8_t number;
	} parts[] = { { 'J', version->jtag },
		      { 'M', version->mass },
		      { 'B', version->bridge },
		      { 'S', version->swim } };
	struct text text;

	text_init(&text, version->text, sizeof(version->text));
	text_add(&text, "V%u", version->generation);
	for (size_t i = 0; i < array_len(parts); i++)
		if (parts[i].number != 0)
			text_add(&text, "%c%u", parts[i].letter, parts[i].number);
}

/* A probe whose last owner was killed may give an older command's answer, such as "V0J8S0
 * 0000:0000": failure mode A6. */
static enum cause
check_identity(const struct stlink_model *model, const uint8_t *reply,
	       const struct stlink_version *version, struct reason *why)
{
	char digits[2 * VERSION_SIZE + 1];

	if (version->vendor == STLINK_VENDOR && version->product == model->product &&
	    version->generation > 0 && version->generation < GENERATIONS)
		return CAUSE_NONE;
	hex_encode(digits, reply, VERSION_SIZE);
	reason_begin(why, CAUSE_GONE,
		     "the ST-LINK's version reads %s, which no %s (%04x:%04x) answers",
		     digits, model->kind, STLINK_VENDOR, model->product);
	reason_suspect(why, FINDING_A6);
	return CAUSE_GONE;
}

struct stlink_command
stlink_version_command(bool longer)
{
	struct stlink_command command =
		longer ? STLINK_COMMAND(GET_VERSION_EX) : STLINK_COMMAND(GET_VERSION);

	command.size = longer ? VERSION_EX_SIZE : VERSION_SIZE;
	return command;
}

enum cause
stlink_version_take(const struct stlink_model *model, const uint8_t *reply, bool *longer,
		    struct stlink_version *version, struct reason *why)
{
	bool was_longer = *longer;
	enum cause cause;

	*longer = false;
	if (was_longer)
		parse_version_ex(reply, version);
	else
		parse_version(model, reply, version);
	cause = check_identity(model, reply, version, why);
	if (cause != CAUSE_NONE)
		return cause;
	/* From the V3 on the two numbers are 0 and a longer answer has them. */
	*longer = !was_longer && version->generation >= 3;
	spell_version(version);
	return CAUSE_NONE;
}

enum cause
stlink_version_read(struct stlink_carrier *carrier, const struct stlink_model *model,
		    struct stlink_version *version, struct reason *why)
{
	uint8_t reply[STLINK_VERSION_SIZE_MAX];
	bool longer = false;
	enum cause cause;

	do {
		struct stlink_command command = stlink_version_command(longer);

		command.in = reply;
		cause = stlink_exchange(carrier, &command, why);
		if (cause == CAUSE_NONE)
			cause = stlink_version_take(model, reply, &longer, version, why);
	} while (cause == CAUSE_NONE && longer);
	return cause;
}

bool
stlink_version_has(const struct stlink_version *version, enum stlink_feature feature)
{
	uint8_t since;

	assert(version->generation < GENERATIONS);
	since = features[feature].since[version->generation];
	return since != NEVER && version->jtag >= since;
}

static uint8_t
since_of(const struct stlink_version *version, enum stlink_feature feature)
{
	return features[feature].since[version->generation];
}

/* Failure mode A8. */
static enum cause
tell_lack(const struct stlink_version *version, enum stlink_feature feature,
	  const char *what, struct reason *why)
{
	uint8_t since = since_of(version, feature);

	if (since == NEVER)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "an ST-LINK of generation %u (%s) cannot %s",
				    version->generation, version->text, what);
	reason_begin(why, CAUSE_UNSUPPORTED,
		     "ST-LINK firmware %s is too old to %s (needs V%uJ%u)", version->text,
		     what, version->generation, since);
	reason_suspect(why, FINDING_A8);
	return CAUSE_UNSUPPORTED;
}

enum cause
stlink_version_lacks(const struct stlink_version *version, enum stlink_feature feature,
		     struct reason *why)
{
	return tell_lack(version, feature, features[feature].name, why);
}

enum cause
stlink_version_lacks_port(const struct stlink_version *version, enum stlink_feature feature,
			  unsigned ap, struct reason *why)
{
	char what[64];
	struct text text;

	text_init(&text, what, sizeof(what));
	text_add(&text,
		 feature == STLINK_HAS_INIT_AP ? "reach access port %u"
					       : "reach memory through access port %u",
		 ap);
	return tell_lack(version, feature, what, why);
}

bool
stlink_version_losses(const struct stlink_version *version, struct text *words)
{
	bool is_any = false;

	for (unsigned i = 0; i < STLINK_FEATURES; i++) {
		uint8_t since = since_of(version, (enum stlink_feature)i);

		if (!features[i].is_loss || since == NEVER || version->jtag >= since)
			continue;
		text_add(words, "%s%s (needs V%uJ%u)", is_any ? ", " : "", features[i].name,
			 version->generation, since);
		is_any = true;
	}
	return is_any;
}

enum cause
stlink_version_check(const struct stlink_version *version, struct reason *why)
{
	if (version->jtag == 0) {
		reason_begin(why, CAUSE_UNSUPPORTED,
			     "the ST-LINK's firmware %s is for the STM8 only",
			     version->text);
		reason_suspect(why, FINDING_A5);
		return CAUSE_UNSUPPORTED;
	}
	if (!stlink_version_has(version, STLINK_HAS_DAP_REGISTERS))
		return stlink_version_lacks(version, STLINK_HAS_DAP_REGISTERS, why);
	return CAUSE_NONE;
}
