/* SPDX-License-Identifier: MIT */
/*
 * version.h - which ST-LINKs there are, what firmware one runs, and what
 * that firmware can do. All of it is data.
 */
#ifndef TRANSPORT_PROBE_STLINK_VERSION_H
#define TRANSPORT_PROBE_STLINK_VERSION_H

#include "transport/base/text.h"
#include "transport/probe/stlink/wire.h"

#include <stddef.h>

enum { STLINK_VENDOR = 0x0483 };

/* A USB product id. */
struct stlink_model {
	uint16_t product;
	const char *kind;     /* "ST-LINK/V2-1" */
	uint8_t endpoint_out; /* in is 0x81 with all; trace the one after */
	bool has_mass_number; /* its version is J and M, and not J and S */
	const char *refusal;  /* why it cannot be used; NULL: it can */
	enum finding finding; /* what is the matter, if it has a refusal */
	uint32_t usual_hz;    /* the clock that all of them carry; 0: any */
};

extern const struct stlink_model stlink_models[];
extern const size_t stlink_models_len;

/* NULL when that is no ST-LINK. */
const struct stlink_model *stlink_model_find(uint16_t vendor, uint16_t product);

enum stlink_feature {
	STLINK_HAS_COM_CLOCK, /* SET_COM_FREQ instead of SWD_SET_FREQ */
	STLINK_HAS_DAP_REGISTERS,
	STLINK_HAS_MEMORY_16, /* which is what we take to be block access */
	STLINK_HAS_INIT_AP,
	STLINK_HAS_DP_BANKS,
	STLINK_HAS_AP_IN_MEMORY, /* the memory commands name an access port and CSW */
	STLINK_HAS_RW_MISC,
	STLINK_HAS_BOARD_ID,        /* GET_BOARD_IDENTIFIERS */
	STLINK_HAS_MEMORY_8_OF_512, /* bytes at once; else 64 */
	STLINK_FEATURES
};

struct stlink_version {
	uint8_t generation; /* 2: V2 and V2-1, 3: V3, 4: V3PWR */
	uint8_t jtag;       /* the number after J: 0 when it cannot debug */
	uint8_t swim, mass, bridge;
	uint16_t vendor, product;
	char text[32]; /* "V2J37M26" */
};

/* Asks the probe (GET_VERSION, and with a V3 GET_VERSION_EX). CAUSE_GONE also when the
 * answer is not one that `model` can give. */
enum cause stlink_version_read(struct stlink_carrier *carrier,
			       const struct stlink_model *model,
			       struct stlink_version *version, struct reason *why);

/* CAUSE_UNSUPPORTED: it is too old for us, or for the STM8 only. */
enum cause stlink_version_check(const struct stlink_version *version, struct reason *why);

/*
 * The same for jobs, in two parts: the command, to be sent with `in` of `size` bytes, and what
 * its answer says.
 */
enum { STLINK_VERSION_SIZE_MAX = 12 };
struct stlink_command stlink_version_command(bool longer);
/* *longer: only the longer command knows the version (a V3); it is to be sent next. */
enum cause stlink_version_take(const struct stlink_model *model, const uint8_t *reply,
			       bool *longer, struct stlink_version *version,
			       struct reason *why);

bool stlink_version_has(const struct stlink_version *version, enum stlink_feature feature);
/* The reason for a feature it has not: names version, feature and since when there is one. */
enum cause stlink_version_lacks(const struct stlink_version *version,
				enum stlink_feature feature, struct reason *why);

/* The same for INIT_AP or AP_IN_MEMORY, when it is access port `ap` that was wanted. */
enum cause stlink_version_lacks_port(const struct stlink_version *version,
				     enum stlink_feature feature, unsigned ap,
				     struct reason *why);
/* What newer firmware could and this one cannot, in words; what is only slower without does
 * not count. False, and no words: nothing. */
bool stlink_version_losses(const struct stlink_version *version, struct text *words);

#endif /* TRANSPORT_PROBE_STLINK_VERSION_H */
