/* SPDX-License-Identifier: MIT */
/*
 * The udev rule and the drivers know the same probes by the same ids.
 */
#include "transport/base/bytes.h"
#include "transport/probe/probe_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { IDS_MAX = 128 };

#define RULES   "scripts/60-tether.rules"
#define VENDOR  "ATTRS{idVendor}==\""
#define PRODUCT "ATTRS{idProduct}==\""

static struct usb_id known[IDS_MAX], ruled[IDS_MAX];
static size_t known_len, ruled_len;

/* "374a|374b" up to the quote. */
static void
add_products(uint16_t vendor, const char *products)
{
	for (;;) {
		char *end;

		assert_true(ruled_len < IDS_MAX);
		ruled[ruled_len++] =
			(struct usb_id){ vendor, (uint16_t)strtoul(products, &end, 16) };
		assert_int_equal(end - products, 4);
		if (*end != '|')
			return;
		products = end + 1;
	}
}

static int
read_both(void **state)
{
	FILE *file = fopen(RULES, "r");
	char line[512];

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		const char *vendor = strstr(line, VENDOR);
		const char *products = strstr(line, PRODUCT);

		assert_true((vendor == NULL) == (products == NULL));
		if (line[0] != '#' && vendor != NULL && products != NULL)
			add_products((uint16_t)strtoul(vendor + strlen(VENDOR), NULL, 16),
				     products + strlen(PRODUCT));
	}
	fclose(file);
	for (size_t i = 0; i < probe_kinds_len; i++)
		if (probe_kinds[i]->ids != NULL)
			known_len +=
				probe_kinds[i]->ids(known + known_len, IDS_MAX - known_len);
	assert_true(known_len > 0 && known_len < IDS_MAX);
	return 0;
}

static bool
has(const struct usb_id *ids, size_t len, struct usb_id id)
{
	for (size_t i = 0; i < len; i++)
		if (ids[i].vendor == id.vendor && ids[i].product == id.product)
			return true;
	return false;
}

static void
each_probe_a_driver_knows_by_its_id_is_in_the_udev_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < known_len; i++)
		if (!has(ruled, ruled_len, known[i]))
			fail_msg("%04x:%04x is missing in " RULES, known[i].vendor,
				 known[i].product);
}

static void
each_id_in_the_udev_rule_is_of_a_probe_that_a_driver_knows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ruled_len; i++)
		if (!has(known, known_len, ruled[i]))
			fail_msg(RULES " has %04x:%04x, which no driver knows",
				 ruled[i].vendor, ruled[i].product);
}

static void
no_id_is_there_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < ruled_len; i++)
		assert_false(has(ruled, i, ruled[i]));
	for (size_t i = 0; i < known_len; i++)
		assert_false(has(known, i, known[i]));
}

/* Names are what users write: each is one kind's, and stands in what is printed of it. */
static void
each_kind_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < probe_kinds_len; i++) {
		const struct probe_kind *kind = probe_kinds[i];

		assert_memory_equal(kind->form, kind->name, strlen(kind->name));
		assert_true((kind->list == NULL) == (kind->ask == NULL) &&
			    (kind->list == NULL) == (kind->ids == NULL));
		assert_true((kind->wrap == NULL) == (kind->inside == NULL));
		/* Each opens a probe in one way; the one that is shared is opened as a kind that
		 * has open_local, which all are on USB. */
		assert_int_equal((kind->wrap != NULL) + (kind->open != NULL),
				 kind != &probe_shared_kind);
		assert_true(kind->open_local == NULL || kind->list != NULL);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(kind->name, probe_kinds[j]->name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_probe_a_driver_knows_by_its_id_is_in_the_udev_rule),
		cmocka_unit_test(
			each_id_in_the_udev_rule_is_of_a_probe_that_a_driver_knows),
		cmocka_unit_test(no_id_is_there_twice),
		cmocka_unit_test(each_kind_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, read_both, NULL);
}
