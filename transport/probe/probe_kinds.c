/* SPDX-License-Identifier: MIT */
/*
 * The drivers there are. What has no kind is sought in the order of these.
 */
#include "transport/base/bytes.h"
#include "transport/probe/cmsis_dap/cmsis_dap.h"
#include "transport/probe/faulty.h"
#include "transport/probe/probe_kind.h"
#include "transport/probe/stlink/stlink.h"

const struct probe_kind *const probe_kinds[] = {
	&stlink_kind,        &stlink_tcp_kind,   &cmsis_dap_kind,
	&cmsis_dap_tcp_kind, &probe_shared_kind, &faulty_kind,
};
const size_t probe_kinds_len = array_len(probe_kinds);
