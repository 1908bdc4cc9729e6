/* SPDX-License-Identifier: MIT */
/* again.c - another try of the part that is under way. */
#include "flash/load/load_internal.h"

#include "transport/base/log.h"

void
load_forget_progress(struct load *load)
{
	load->sector = 0;
	load->set_up_step = 0;
	load->from = load->survey.at = 0;
	load->survey.bank = load->examining.len = 0;
	load->is_comparing = load->is_mismatch = load->is_one_by_one = false;
	load->pages.first = load->pages.next = load->pages.unposted = 0;
	load->has_asked = false;
	load->erases.first = load->erases.next = 0;
	packer_free(load->packing.packer);
	load->packing.packer = NULL;
	load->packing.weighing = (struct weighing){ 0 };
	for (unsigned i = 0; i < GEOMETRY_MAX_BANKS; i++)
		load->survey.is_bank_erased[i] = false;
}

void
load_begin_again(struct load *load)
{
	load_forget_progress(load);
	load->result = load->before;
	for (size_t i = 0; i < load->part->plan.len; i++) {
		struct planned *planned = &load->part->plan.sectors[i];

		planned->is_erased = planned->is_programmed = true;
		planned->is_checked = planned->is_examined = false;
	}
	staged_job_go(&load->staged, load->stages);
}

/* Flash of which programming was cut short may be a bus error to read (H7: RM0433 4.7.9). Then
 * nothing is spared, and erasing heals it. */
void
load_start_anew(struct load *load, struct reason *why)
{
	char line[REASON_SPACE];

	reason_line(why, line, sizeof(line));
	log_info("flash",
		 "all of it is erased and programmed, since it cannot be examined: %s",
		 line);
	*why = (struct reason)REASON_INIT;
	load->is_unreadable = true;
	load_begin_again(load);
}

/* What was packed has arrived damaged. */
bool
load_is_sent_plain(struct load *load, struct reason *why)
{
	char line[REASON_SPACE];

	if (!load->packing.is_damaged)
		return false;
	reason_line(why, line, sizeof(line));
	log_warning("flash", "the image is sent once more, and not compressed: %s", line);
	*why = (struct reason)REASON_INIT;
	if (load->is_fast)
		board_distrust_clock(load->board);
	load->packing.is_plain_for_good = true;
	load_begin_again(load);
	return true;
}
