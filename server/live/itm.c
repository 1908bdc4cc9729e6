/* SPDX-License-Identifier: MIT */
#include "server/live/itm.h"

enum {
	SYNC_ZEROS = 5, /* D4.2.1: at least 47 zeros and a one */
	SYNC_END = 0x80,
	OVERFLOW = 0x70, /* D4.2.2 */
	SIZE_BITS = 3,   /* D4.2.8: 1, 2, 4 bytes; 0: no source packet */
	FROM_DWT = 1 << 2,
	PORT_SHIFT = 3,
	CONTINUES = 1 << 7,
	PROTOCOL = 0x0f,
	TIMESTAMP = 0x00,        /* D4.2.4; with bit 7, bytes follow */
	EXTENSION = 0x08,        /* D4.2.3 */
	GLOBAL_TIMESTAMP = 0x04, /* D4.2.5 */
	GLOBAL_1 = 0x94,
	GLOBAL_2 = 0xb4
};

void
itm_init(struct itm *itm,
	 void (*take)(void *context, unsigned port, const uint8_t *bytes, unsigned len),
	 void *context)
{
	*itm = (struct itm){ .take = take, .context = context };
}

void
itm_restart(struct itm *itm)
{
	itm->wanted = itm->len = itm->zeros = 0;
	itm->goes_on = itm->is_blind = false;
}

void
itm_lose(struct itm *itm)
{
	itm_restart(itm);
	itm->is_blind = true;
}

static void
begin(struct itm *itm, uint8_t header)
{
	static const uint8_t sizes[] = { 0, 1, 2, 4 };
	uint8_t protocol = header & PROTOCOL;

	itm->header = header;
	itm->len = 0;
	itm->wanted = sizes[header & SIZE_BITS];
	if (itm->wanted > 0)
		return;
	if (header == OVERFLOW)
		itm->overflows++;
	else if (protocol == TIMESTAMP || protocol == EXTENSION ||
		 protocol == (EXTENSION | FROM_DWT))
		itm->goes_on = (header & CONTINUES) != 0;
	else if (header == GLOBAL_1 || header == GLOBAL_2)
		itm->goes_on = true;
	else
		itm->strange++;
}

static void
end(struct itm *itm)
{
	itm->wanted = 0;
	if ((itm->header & FROM_DWT) == 0)
		itm->take(itm->context, itm->header >> PORT_SHIFT, itm->payload, itm->len);
}

static void
take(struct itm *itm, uint8_t byte)
{
	if (itm->wanted > 0) {
		itm->payload[itm->len++] = byte;
		if (itm->len == itm->wanted)
			end(itm);
	} else if (itm->goes_on) {
		itm->goes_on = (byte & CONTINUES) != 0;
	} else if (byte != 0) {
		begin(itm, byte);
	}
}

/* Five zeros and 0x80 cannot be within a packet's longest payload but for four of them: what was
 * begun before is over. */
void
itm_feed(struct itm *itm, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool ends_sync = itm->zeros >= SYNC_ZEROS && bytes[i] == SYNC_END;

		itm->zeros = bytes[i] == 0 ? itm->zeros + 1 : 0;
		if (ends_sync)
			itm_restart(itm);
		else if (!itm->is_blind)
			take(itm, bytes[i]);
	}
}
