/* SPDX-License-Identifier: MIT */
/* pages.c - what of the image is to be in flash where, cut into pages. */
#include "flash/load/load_internal.h"

#include <string.h>

void
load_compose(const struct load *load, uint32_t at, uint8_t *bytes, uint32_t size)
{
	memset(bytes, geometry_interface(&load->part->geometry)->erased_value, size);
	image_overlay(&load->request.image, at, bytes, size);
}

bool
load_next_piece(const struct load *load, uint64_t from, uint32_t max,
		struct image_piece *piece)
{
	return image_next_piece(&load->request.image, from,
				geometry_interface(&load->part->geometry)->granule, max,
				piece);
}

/* A page lies in one sector: what is there already is not programmed. */
bool
load_next_page(const struct load *load, uint64_t *from, uint64_t end,
	       struct image_piece *piece)
{
	while (load_next_piece(load, *from, algorithm_of(load)->page_size, piece) &&
	       piece->at < end) {
		const struct planned *planned = plan_find(&load->part->plan, piece->at);

		if (planned != NULL && planned->is_programmed)
			return true;
		*from = (uint64_t)piece->at + piece->size;
	}
	return false;
}
