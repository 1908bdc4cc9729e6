/* SPDX-License-Identifier: MIT */
/* The tables of option bytes, every row; and what is said of a change. */
#include "flash/options/options.h"

#include "flash/options/sets.h"
#include "targets/chip/vitals.h"
#include "transport/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef void use_set(const struct option_set *set, uint16_t dev_id);

static void
each_device(use_set *use)
{
	const struct device *device;

	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		if (device->option_layout != OPTION_LAYOUT_UNKNOWN)
			use(option_sets[device->option_layout], device->dev_id);
}

static unsigned
registers_of(const struct option_set *set)
{
	unsigned len = 0;

	while (set->registers[len].name != NULL)
		len++;
	return len;
}

/* Each bit belongs to one field at most, of a register that the device has. */
static void
check_bits(const struct option_set *set, uint16_t dev_id)
{
	uint32_t used[OPTIONS_MAX_REGISTERS] = { 0 };

	assert_true(registers_of(set) <= OPTIONS_MAX_REGISTERS);
	for (const struct option_field *field = set->fields; field->name != NULL; field++) {
		struct option_values all = { 0 };

		if (!options_has_field(field, dev_id))
			continue;
		assert_true(field->at < registers_of(set));
		assert_true(options_has_register(&set->registers[field->at], dev_id));
		assert_true(field->width > 0 && field->lsb + field->width <= 32);
		options_put(field, UINT32_MAX, &all);
		if ((used[field->at] & all.words[field->at]) != 0)
			fail_msg("0x%03x: %s shares a bit", dev_id, field->name);
		used[field->at] |= all.words[field->at];
		assert_ptr_equal(options_field(set, dev_id, field->name), field);
	}
}

static void
fields_share_no_bits_and_no_names(void **state)
{
	(void)state;
	each_device(check_bits);
}

static bool
is_programmed(const struct device *device)
{
	const struct memory_entry *memories = device->memories;

	for (size_t i = 0; memories != NULL && memories[i].name != NULL; i++)
		if (memories[i].kind == MEMORY_OPTION_BYTES &&
		    memories[i].interface->driver != FLASH_DRIVER_NONE)
			return true;
	return false;
}

/* A row that forgets the column leaves its users without "tether options". */
static void
a_chip_that_is_programmed_has_its_option_bytes_described(void **state)
{
	const struct device *device;
	unsigned programmed = 0;

	(void)state;
	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		if (is_programmed(device)) {
			programmed++;
			if (device->option_layout == OPTION_LAYOUT_UNKNOWN)
				fail_msg("%s: no option_layout", device->name);
		}
	assert_true(programmed > 20);
}

static const struct vitals *
vitals_of_id(uint16_t dev_id)
{
	const struct device *device;

	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		if (device->dev_id == dev_id)
			return vitals_of(&device_table, device);
	return NULL;
}

/* In place of RDP; each state has the name in the field's list that the doctor has for it. */
static void
check_product_state(const struct option_set *set, uint16_t dev_id)
{
	const struct product_state *states = set->product_state;
	const struct option_field *field = options_field(set, dev_id, states->field);

	assert_int_equal(set->base + set->registers[field->at].loaded, states->at);
	assert_int_equal(field->lsb, states->lsb);
	assert_ptr_equal(vitals_of_id(dev_id)->product_state, states);
	for (unsigned code = 0; code <= 0xff; code++) {
		const char *name = product_state_name(states, code);
		char buffer[64] = "";
		struct text words;

		text_init(&words, buffer, sizeof(buffer));
		options_add_meaning(set, field, code, &words);
		if (words.used > 0)
			assert_string_equal(buffer, name != NULL ? name : "");
	}
}

static void
check_read_protection(const struct option_set *set, uint16_t dev_id)
{
	const struct option_field *rdp = options_field(set, dev_id, "RDP");
	const struct option_register *at;
	uint32_t base = set->control->has_cells ? set->control->cells_at : set->base;

	if (set->product_state != NULL) {
		check_product_state(set, dev_id);
		return;
	}
	at = &set->registers[rdp->at];

	assert_int_equal(base + at->loaded, set->rdp->at);
	assert_int_equal(rdp->lsb, set->rdp->lsb);
	assert_ptr_equal(vitals_of_id(dev_id)->rdp, set->rdp);
}

static void
read_protection_is_where_the_doctor_looks_for_it(void **state)
{
	(void)state;
	each_device(check_read_protection);
}

static void
a_level_of_read_protection_follows_from_its_code(void **state)
{
	(void)state;
	assert_int_equal(read_protection_level(&read_protection_g4, 0xaa), 0);
	assert_int_equal(read_protection_level(&read_protection_g4, 0x00), 1);
	assert_int_equal(read_protection_level(&read_protection_g4, 0xcc), 2);
	assert_int_equal(read_protection_level(&read_protection_f1, 0xa5), 0);
	assert_int_equal(read_protection_level(&read_protection_f1, 0xaa), 1);
	assert_int_equal(read_protection_level(&read_protection_f1, 0x00), 1);
}

/* A device of the set that has the field. */
static uint16_t
device_with(const struct option_set *set, const char *first, const char *second)
{
	const struct device *device;

	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		if (option_sets[device->option_layout] == set &&
		    options_field(set, device->dev_id, first) != NULL &&
		    (second == NULL || options_field(set, device->dev_id, second) != NULL))
			return device->dev_id;
	return 0;
}

static void
put_value(const struct option_set *set, uint16_t dev_id, const char *name, uint32_t value,
	  struct option_values *values)
{
	const struct option_field *field = options_field(set, dev_id, name);

	if (field->kind == OPTION_RDP)
		value = set->rdp->codes[value];
	options_put(field, value, values);
}

/* F0 and F3 share rules: a device of either will do. */
static const struct option_set *
set_with(const struct option_set *set, const struct option_rule *rule)
{
	for (unsigned i = OPTION_LAYOUT_UNKNOWN + 1; i < OPTION_LAYOUTS; i++)
		if (option_sets[i]->rules == set->rules &&
		    device_with(option_sets[i], rule->field, rule->with) != 0)
			return option_sets[i];
	fail_msg("%s: no device has %s", set->name, rule->field);
	return set;
}

/* Values by which the rule is met. */
static void
meet(const struct option_set *set, uint16_t dev_id, const struct option_rule *rule,
     struct option_values *values)
{
	bool is_area = rule->test == OPTION_IS_AREA || rule->test == OPTION_IS_ONE_UNIT;
	uint32_t value = rule->test == OPTION_DIFFERS ? rule->value ^ 1 : rule->value;

	put_value(set, dev_id, rule->field, is_area ? 1 : value, values);
	if (rule->with != NULL)
		put_value(set, dev_id, rule->with,
			  !is_area                       ? rule->with_value
			  : rule->test == OPTION_IS_AREA ? 2
							 : 1,
			  values);
}

/* Every row is reached by the write that it warns of. */
static void
each_rule_speaks_when_its_field_is_set_so(void **state)
{
	(void)state;
	for (unsigned i = OPTION_LAYOUT_UNKNOWN + 1; i < OPTION_LAYOUTS; i++)
		for (const struct option_rule *rule = option_sets[i]->rules;
		     rule->field != NULL; rule++) {
			const struct option_set *set = set_with(option_sets[i], rule);
			uint16_t dev_id = device_with(set, rule->field, rule->with);
			struct option_values before = { 0 }, after;
			char buffer[4096];
			struct text words;

			for (unsigned r = 0; r < OPTIONS_MAX_REGISTERS; r++)
				before.words[r] = 0x5aa5a55a;
			if (set->rdp != NULL)
				put_value(set, dev_id, "RDP", 0, &before);
			after = before;
			meet(set, dev_id, rule, &after);
			before = after;
			before.words[options_field(set, dev_id, rule->field)->at] ^=
				UINT32_C(1) << options_field(set, dev_id, rule->field)->lsb;
			text_init(&words, buffer, sizeof(buffer));
			if (options_classify(set, dev_id, &before, &after, 3300, &words) <
				    rule->danger ||
			    strstr(buffer, rule->sentence) == NULL)
				fail_msg("%s: \"%s\" is not said", set->name,
					 rule->sentence);
		}
}

static enum option_danger
classify(const char *assignment, unsigned millivolts, char *buffer, size_t size)
{
	static const struct device device = { .dev_id = 0x469,
					      .option_layout = OPTION_LAYOUT_G4 };
	struct chip chip = { .device = &device };
	const struct option_set *set = options_of(&chip);
	struct option_values before = { .words = { [0] = 0xffeff8aa } }, after = before;
	struct reason why = REASON_INIT;
	struct text words;

	assert_int_equal(options_assign(set, 0x469, assignment, &after, &why), CAUSE_NONE);
	text_init(&words, buffer, size);
	return options_classify(set, 0x469, &before, &after, millivolts, &words);
}

static void
a_brown_out_level_above_the_supply_is_refused(void **state)
{
	char words[1024];

	(void)state;
	assert_int_equal(classify("BOR_LEV=4", 1800, words, sizeof(words)), OPTION_REFUSES);
	assert_string_equal(
		words, "BOR_LEV=4 resets the chip below 2.8 V; the board measures 1.80 V: "
		       "it would never start again on this supply");
	assert_int_equal(classify("BOR_LEV=4", 3300, words, sizeof(words)), OPTION_WARNS);
	assert_int_equal(classify("BOR_LEV=4", 0, words, sizeof(words)), OPTION_ASKS);
	assert_int_equal(classify("BOR_LEV=5", 3300, words, sizeof(words)), OPTION_REFUSES);
}

static void
level_2_is_final_and_level_1_asks(void **state)
{
	char words[1024];

	(void)state;
	assert_int_equal(classify("rdp=2", 3300, words, sizeof(words)), OPTION_IS_FINAL);
	assert_int_equal(classify("RDP=0xcc", 3300, words, sizeof(words)), OPTION_IS_FINAL);
	assert_int_equal(classify("RDP=1", 3300, words, sizeof(words)), OPTION_ASKS);
	assert_non_null(strstr(words, "going back erases all of the flash, CCM RAM"));
	assert_int_equal(classify("RDP=0xff", 3300, words, sizeof(words)), OPTION_ASKS);
}

static enum option_danger
classify_u0(uint32_t hiding, const char *assignment, char *buffer, size_t size)
{
	const struct device *device = device_by_name(&device_table, "STM32U073");
	struct option_values before = { { 0 } }, after;
	struct reason why = REASON_INIT;
	struct text words;

	options_put(options_field(&option_set_u0, device->dev_id, "HDP1EN"), hiding,
		    &before);
	after = before;
	assert_int_equal(
		options_assign(&option_set_u0, device->dev_id, assignment, &after, &why),
		CAUSE_NONE);
	text_init(&words, buffer, size);
	return options_classify(&option_set_u0, device->dev_id, &before, &after, 3300,
				&words);
}

static void
pages_of_a_u0_are_hidden_unless_the_code_is_b4(void **state)
{
	char words[1024];

	(void)state;
	assert_int_equal(classify_u0(0xb4, "HDP1EN=1", words, sizeof(words)), OPTION_ASKS);
	assert_non_null(strstr(words, "HDP1EN is not 0xb4: once the program locks these"));
	assert_int_equal(classify_u0(1, "HDP1EN=0xb4", words, sizeof(words)), OPTION_WARNS);
}

static void
a_level_that_there_is_not_is_no_code_either(void **state)
{
	const struct device *device = device_by_name(&device_table, "STM32G473CB");
	struct option_values values = { { 0 } };
	struct reason reason = REASON_INIT;

	(void)state;
	assert_int_equal(
		options_assign(&option_set_g4, device->dev_id, "RDP=3", &values, &reason),
		CAUSE_REQUEST);
	assert_string_equal(reason_root(&reason),
			    "RDP is a level, 0 to 2, or the code of one, not 3");
}

static enum option_danger
classify_h5(uint16_t dev_id, const char *const *assignments, char *buffer, size_t size)
{
	struct option_values before = { .words = { 0x2d30edf8, 0xc30001fc, 0x080000c3 } };
	struct option_values after = before;
	struct reason why = REASON_INIT;
	struct text words;

	for (; *assignments != NULL; assignments++)
		assert_int_equal(
			options_assign(&option_set_h5, dev_id, *assignments, &after, &why),
			CAUSE_NONE);
	text_init(&words, buffer, size);
	return options_classify(&option_set_h5, dev_id, &before, &after, 3300, &words);
}
#define CLASSIFY_H5(dev_id, ...)                                               \
	classify_h5(dev_id, (const char *const[]){ __VA_ARGS__, NULL }, words, \
		    sizeof(words))

/* As RDP level 2: RM0481 Rev 3, 7.6.11. */
static void
a_product_state_that_closes_the_chip_is_final_and_locked_is_refused(void **state)
{
	char words[4096];

	(void)state;
	assert_int_equal(CLASSIFY_H5(0x484, "PRODUCT_STATE=0x72"), OPTION_IS_FINAL);
	assert_string_equal(
		words, "PRODUCT_STATE=0x72 (Closed): the core is closed to debuggers. The "
		       "only way back is a regression by debug authentication, whose keys "
		       "or password must be in the chip already: without them nobody, ST "
		       "included, can undo it");
	assert_int_equal(CLASSIFY_H5(0x484, "PRODUCT_STATE=0x17"), OPTION_IS_FINAL);
	assert_int_equal(CLASSIFY_H5(0x484, "PRODUCT_STATE=0xc6"), OPTION_IS_FINAL);
	assert_int_equal(CLASSIFY_H5(0x484, "PRODUCT_STATE=0x5c"), OPTION_REFUSES);
	assert_int_equal(CLASSIFY_H5(0x484, "PRODUCT_STATE=0x9a"), OPTION_REFUSES);
	assert_non_null(strstr(words, "debug authentication"));
	/* What is final with consent does not take with it what is refused. */
	assert_int_equal(CLASSIFY_H5(0x484, "PRODUCT_STATE=0x5c", "LOCKBL=1"),
			 OPTION_REFUSES);
	assert_int_equal(CLASSIFY_H5(0x484, "PRODUCT_STATE=0x55"), OPTION_REFUSES);
	assert_string_equal(words, "this chip has no such PRODUCT_STATE");
	/* The H503 has no TrustZone to close. */
	assert_int_equal(CLASSIFY_H5(0x474, "PRODUCT_STATE=0x72"), OPTION_IS_FINAL);
	assert_int_equal(CLASSIFY_H5(0x474, "PRODUCT_STATE=0xc6"), OPTION_REFUSES);
}

#define BOR_CHOICES                                                                     \
	"BOR_LEV is a number up to 0x7 (0x0 reset below 1.7 V, 0x1 reset below 2.0 V, " \
	"0x2 "                                                                          \
	"reset below 2.2 V, 0x3 reset below 2.5 V, 0x4 reset below 2.8 V)"

static void
what_is_no_option_names_the_nearest(void **state)
{
	static const struct {
		const char *assignment, *root;
	} wrong[] = {
		{ "BOR_LEVEL=1",
		  "this chip has no option \"BOR_LEVEL\"; the nearest is BOR_LEV" },
		{ "FOO=1", "this chip has no option \"FOO\"; tether options, or monitor "
			   "options in gdb, lists what it has" },
		{ "BOR_LEV", "\"BOR_LEV\" is not NAME=VALUE" },
		{ "BOR_LEV=8", BOR_CHOICES ", not \"8\"" },
		{ "BOR_LEV=-1", BOR_CHOICES ", not \"-1\"" },
		{ "BOR_LEV=", BOR_CHOICES ", not \"\"" },
		{ "nRST_STOP=2",
		  "nRST_STOP is a number up to 0x1 (0x0 the chip is reset instead, 0x1 no "
		  "reset), not \"2\"" },
	};
	static const struct device device = { .dev_id = 0x469,
					      .option_layout = OPTION_LAYOUT_G4 };
	struct chip chip = { .device = &device };
	struct option_values values = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct reason why = REASON_INIT;

		assert_int_equal(options_assign(options_of(&chip), 0x469,
						wrong[i].assignment, &values, &why),
				 CAUSE_REQUEST);
		assert_string_equal(reason_root(&why), wrong[i].root);
	}
}

static void
a_value_is_given_by_its_words_as_well(void **state)
{
	char words[4096];

	(void)state;
	assert_int_equal(CLASSIFY_H5(0x484, "PRODUCT_STATE=closed"), OPTION_IS_FINAL);
	assert_int_equal(CLASSIFY_H5(0x484, "PRODUCT_STATE=Locked"), OPTION_REFUSES);
	assert_int_equal(classify("BOR_LEV=reset below 2.8 V", 1800, words, sizeof(words)),
			 OPTION_REFUSES);
	assert_non_null(strstr(words, "BOR_LEV=4 resets the chip below 2.8 V"));
}

static void
a_name_of_another_family_leads_to_what_is_in_its_place(void **state)
{
	static const struct {
		const char *assignment, *root;
	} wrong[] = {
		{ "RDP=1",
		  "this chip has no option \"RDP\"; it has PRODUCT_STATE in its place" },
		{ "PRODUCT_STATE=Close",
		  "PRODUCT_STATE is a number up to 0xff (0xed Open, 0x17 Provisioning, "
		  "0x72 "
		  "Closed, 0x5c Locked, 0x2e iROT-Provisioned, 0xc6 TZ-Closed, 0x9a "
		  "Regression, 0xa3 NS-Regression), not \"Close\"" },
	};
	struct option_values values = { .words = { 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct reason why = REASON_INIT;

		assert_int_equal(options_assign(&option_set_h5, 0x484, wrong[i].assignment,
						&values, &why),
				 CAUSE_REQUEST);
		assert_string_equal(reason_root(&why), wrong[i].root);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_share_no_bits_and_no_names),
		cmocka_unit_test(a_chip_that_is_programmed_has_its_option_bytes_described),
		cmocka_unit_test(read_protection_is_where_the_doctor_looks_for_it),
		cmocka_unit_test(a_level_of_read_protection_follows_from_its_code),
		cmocka_unit_test(each_rule_speaks_when_its_field_is_set_so),
		cmocka_unit_test(a_brown_out_level_above_the_supply_is_refused),
		cmocka_unit_test(level_2_is_final_and_level_1_asks),
		cmocka_unit_test(pages_of_a_u0_are_hidden_unless_the_code_is_b4),
		cmocka_unit_test(a_level_that_there_is_not_is_no_code_either),
		cmocka_unit_test(
			a_product_state_that_closes_the_chip_is_final_and_locked_is_refused),
		cmocka_unit_test(what_is_no_option_names_the_nearest),
		cmocka_unit_test(a_value_is_given_by_its_words_as_well),
		cmocka_unit_test(a_name_of_another_family_leads_to_what_is_in_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
