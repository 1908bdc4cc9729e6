/* SPDX-License-Identifier: MIT */
/*
 * recording_folder.h - the folder in which recordings are kept that nobody asked for.
 */
#ifndef SERVER_SESSION_RECORDING_FOLDER_H
#define SERVER_SESSION_RECORDING_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* The name of a file that is not there yet, in $XDG_STATE_HOME/tether or ~/.local/state/tether (XDG
 * Base Directory Specification 0.8), which is made. Removes the oldest so that with it there are
 * `keep`. False: there is no such folder, errno says why; `path` has what was tried. */
bool recording_folder_next(unsigned keep, char *path, size_t size);

#endif /* SERVER_SESSION_RECORDING_FOLDER_H */
