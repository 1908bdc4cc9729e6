/* SPDX-License-Identifier: MIT */
/*
 * cmsis_dap_client.c - as openocd's "cmsis-dap backend tcp" has it: each packet in a frame. A client
 * uses the probe from its first packet on.
 */
#include "server/share/client.h"

#include "transport/base/text.h"
#include "transport/probe/cmsis_dap/frame.h"

#include <string.h>

static enum cause
measure(const uint8_t *bytes, size_t len, size_t *size, struct reason *why)
{
	char digits[2 * FRAME_HEAD + 1];
	uint8_t signature[4];

	*size = 0;
	le32_put(signature, FRAME_SIGNATURE);
	if (memcmp(bytes, signature, len < sizeof(signature) ? len : sizeof(signature)) ==
		    0 &&
	    (len < FRAME_HEAD || frame_take_head(bytes, FRAME_REQUEST, size))) {
		*size += len < FRAME_HEAD ? 0 : FRAME_HEAD;
		return CAUSE_NONE;
	}
	hex_encode(digits, bytes, len < FRAME_HEAD ? len : FRAME_HEAD);
	return reason_begin(why, CAUSE_REQUEST,
			    "it sent %s where a CMSIS-DAP request in openocd's TCP framing "
			    "should begin",
			    digits);
}

static enum cause
join(struct share_client *client, struct reason *why)
{
	if (client->is_user)
		return CAUSE_NONE;
	if (!client->is_probe_there)
		return reason_begin(why, CAUSE_GONE, "the probe is lost");
	if (!cmsis_dap_share_join(&client->share->cmsis_dap, &client->user))
		return reason_begin(why, CAUSE_HOST,
				    "there is no place for one more at the probe");
	client->is_user = true;
	return CAUSE_NONE;
}

static enum cause
answer(struct share_client *client, const uint8_t *request, uint8_t *answer, size_t *size,
       bool *ends, struct reason *why)
{
	struct cmsis_dap_response response = { .size = 0 };
	size_t request_size;
	enum cause cause = join(client, why);

	*size = 0;
	frame_take_head(request, FRAME_REQUEST, &request_size);
	if (cause == CAUSE_NONE && !client->is_probe_there)
		cause = reason_begin(why, CAUSE_GONE, "the probe is lost");
	if (cause == CAUSE_NONE)
		cause = cmsis_dap_share_exchange(&client->share->cmsis_dap, client->user,
						 request + FRAME_HEAD, request_size,
						 &response, why);
	*ends = cause != CAUSE_NONE;
	if (cause != CAUSE_NONE || response.size == 0)
		return cause;
	frame_put_head(answer, response.size, FRAME_RESPONSE);
	memcpy(answer + FRAME_HEAD, response.bytes, response.size);
	*size = FRAME_HEAD + response.size;
	return CAUSE_NONE;
}

static void
leave(struct share_client *client)
{
	if (client->is_user)
		cmsis_dap_share_leave(&client->share->cmsis_dap, client->user);
	client->is_user = false;
}

static enum cause
take(union share_probe *share, struct probe *probe, struct reason *why)
{
	return cmsis_dap_share_take(&share->cmsis_dap, probe, why);
}

static void
end(union share_probe *share)
{
	cmsis_dap_share_end(&share->cmsis_dap);
}

const struct share_protocol share_cmsis_dap = {
	.kind = "cmsis-dap",
	.noun = "CMSIS-DAP probe",
	.like = "in openocd's TCP framing of CMSIS-DAP",
	.serves = cmsis_dap_share_serves,
	.is_ours = cmsis_dap_share_can,
	.take = take,
	.end = end,
	.measure = measure,
	.answer = answer,
	.leave = leave,
};
