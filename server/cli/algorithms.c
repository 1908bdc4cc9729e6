/* SPDX-License-Identifier: MIT */
#include "server/cli/algorithms.h"

#include "transport/base/log.h"

static enum cause
read_loader(const struct options *options, unsigned index, struct loader **loader,
	    struct reason *why)
{
	const char *path = options->algorithms[index];

	if (options->contents[index].bytes == NULL)
		return loader_read(path, loader, why);
	return loader_parse(path, options->contents[index].bytes,
			    options->contents[index].size, loader, why);
}

enum cause
algorithms_read(struct algorithms *algorithms, const struct options *options,
		struct board_options *board, struct reason *why)
{
	for (unsigned i = 0; i < options->algorithms_len; i++) {
		struct loader *loader = NULL;
		enum cause cause = read_loader(options, i, &loader, why);

		if (cause != CAUSE_NONE)
			return cause;
		algorithms->loaders[i] = loader;
		board->external[i] = &loader->entry;
		log_info("flash", "%s programs %u KiB at 0x%08x: %s",
			 options->algorithms[i], (unsigned)(loader->entry.size / KIB(1)),
			 (unsigned)loader->entry.base, loader->name);
	}
	if (options->pins != NULL) {
		board->finder = &algorithms->nor.finder;
		nor_init(&algorithms->nor, options->pins);
	}
	return CAUSE_NONE;
}

void
algorithms_free(struct algorithms *algorithms)
{
	for (unsigned i = 0; i < BOARD_MAX_EXTERNAL; i++) {
		loader_free(algorithms->loaders[i]);
		algorithms->loaders[i] = NULL;
	}
}
