/* SPDX-License-Identifier: MIT */
#include "server/monitor/version.h"

const char tether_version[] = "0.1";
