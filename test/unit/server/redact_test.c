/* SPDX-License-Identifier: MIT */
/* What a recording for others lacks, and what of it has to stay. */
#include "server/cli/redact.h"
#include "server/cli/redacted_log.h"
#include "server/cli/redacted_packet.h"
#include "server/cli/vocabulary.h"
#include "transport/base/bytes.h"
#include "transport/probe/redactor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FLASH UINT32_C(0x08000000)
#define DHCSR UINT32_C(0xe000edf0)
#define DCRSR UINT32_C(0xe000edf4)
#define DCRDR UINT32_C(0xe000edf8)

static struct redaction
begin(void)
{
	struct redaction redaction;
	struct reason why;

	assert_int_equal(redaction_begin(&redaction, &why), CAUSE_NONE);
	return redaction;
}

/* --- memory ----------------------------------------------------------------------------- */

static void
each_byte_becomes_another_one_always_the_same_and_erased_stays_erased(void **state)
{
	struct redaction redaction = begin(), other = begin();
	unsigned differ = 0;

	(void)state;
	for (uint32_t at = FLASH; at < FLASH + 64; at++)
		for (unsigned value = 0; value <= UINT8_MAX; value++) {
			uint8_t byte = (uint8_t)value, again = byte, theirs = byte;

			redaction_replace(&redaction, at, &byte, 1);
			redaction_replace(&redaction, at, &again, 1);
			redaction_replace(&other, at, &theirs, 1);
			assert_int_equal(byte, again);
			differ += byte != theirs;
			if (value == 0 || value == UINT8_MAX)
				assert_int_equal(byte, value);
			else
				assert_true(byte != value && byte != 0 &&
					    byte != UINT8_MAX);
		}
	/* Without the key of this file nothing is known. */
	assert_true(differ > 64 * 200);
}

/* However it was read: by words, by bytes. */
static void
a_word_is_what_its_bytes_are(void **state)
{
	struct redaction redaction = begin();
	uint8_t bytes[4] = { 0x12, 0xff, 0x34, 0x56 };
	uint32_t word = redaction_word(&redaction, FLASH + 8, le32_get(bytes));

	(void)state;
	for (uint32_t i = 0; i < sizeof(bytes); i++)
		redaction_replace(&redaction, FLASH + 8 + i, &bytes[i], 1);
	assert_int_equal(word, le32_get(bytes));
}

static void
registers_and_what_the_manufacturer_programmed_stay(void **state)
{
	struct redaction redaction = begin();
	/* Size words, option bytes, boot loaders, registers. */
	static const uint32_t kept[] = { 0x1fff75e0, 0x1fffc000, 0x1fff0000, 0x40022070,
					 0x58000000, 0xa0001000, DHCSR,      0xe00fffe8,
					 0x0bfa07a0, 0x0bf91000 };
	/* Unique ids, OTP, backup SRAM among peripherals, and memory; the last but one is also the
	 * boot loader of an STM32WB0. */
	static const uint32_t covered[] = { 0,          FLASH,      0x20000000, 0x30000000,
					    0x60000000, 0x90000000, 0xd0000000, 0x1fff7590,
					    0x1fff7000, 0x40024000, 0x40036400, 0x50036400,
					    0x10000000, 0x1ffff7e8 };

	(void)state;
	redact_all_chips(&redaction);
	for (size_t i = 0; i < array_len(kept); i++)
		assert_false(redaction_covers(&redaction, kept[i]));
	for (size_t i = 0; i < array_len(covered); i++)
		assert_true(redaction_covers(&redaction, covered[i]));
	assert_false(redaction.makers.is_full || redaction.users.is_full);
}

/* What came last is not forgotten. */
static void
ranges_that_meet_become_one_and_more_than_there_is_room_for_cover_all(void **state)
{
	struct redaction redaction = begin();

	(void)state;
	redaction_cover(&redaction, 0x40024000, 0x1000);
	redaction_cover(&redaction, 0x40026000, 0x1000);
	redaction_cover(&redaction, 0x40025000, 0x1000);
	redaction_cover(&redaction, 0xfffffff0, 0x10);
	assert_int_equal(redaction.users.len, 2);
	assert_true(redaction_covers(&redaction, 0x40026fff));
	assert_true(redaction_covers(&redaction, 0xffffffff));
	assert_false(redaction_covers(&redaction, 0x40027000));
	for (uint32_t i = 0; i < REDACTION_RANGES; i++)
		redaction_cover(&redaction, 0x50000000 + 0x100 * i, 1);
	assert_true(redaction.users.is_full);
	assert_true(redaction_covers(&redaction, 0x40027000));
}

/* --- a probe's answers ------------------------------------------------------------------- */

/* By TAR, which DRW moves on, and by BD0 to BD3, which do not. */
static void
words_by_an_access_port_are_known_by_their_address(void **state)
{
	struct redaction redaction = begin();
	struct redactor redactor = { .redaction = &redaction };
	const struct transfer batch[] = {
		{ TRANSFER_AP_WRITE, 0, 0x00, 0x23000052 },
		{ TRANSFER_AP_WRITE, 0, 0x04, DHCSR - 4 },
		{ TRANSFER_AP_READ, 0, 0x0c, 0 },
		{ TRANSFER_AP_READ, 0, 0x0c, 0 },
		{ TRANSFER_AP_WRITE, 0, 0x04, FLASH + 4 },
		{ TRANSFER_AP_READ, 0, 0x0c, 0 },
		{ TRANSFER_AP_READ, 0, 0x0c, 0 },
		{ TRANSFER_AP_READ, 0, 0x14, 0 },
		{ TRANSFER_AP_READ, 0, 0xfc, 0 },
	};
	uint32_t values[array_len(batch)];

	(void)state;
	for (size_t i = 0; i < array_len(values); i++)
		values[i] = 0x12345678;
	redactor_values(&redactor, batch, array_len(batch), values);
	assert_int_equal(values[2], 0x12345678);
	assert_int_equal(values[3], 0x12345678);
	assert_int_equal(values[5], redaction_word(&redaction, FLASH + 4, 0x12345678));
	assert_int_equal(values[6], redaction_word(&redaction, FLASH + 8, 0x12345678));
	assert_int_equal(values[7], redaction_word(&redaction, FLASH + 4, 0x12345678));
	assert_int_equal(values[8], 0x12345678);
}

static void
of_core_registers_the_programs_data_goes_and_where_it_is_stays(void **state)
{
	struct redaction redaction = begin();
	struct redactor redactor = { .redaction = &redaction };
	uint32_t registers[PROBE_CORE_REGISTERS];

	(void)state;
	for (uint32_t selector = 0; selector < PROBE_CORE_REGISTERS; selector++) {
		const struct transfer batch[] = {
			{ TRANSFER_MEM_WRITE, 0, DCRSR, selector },
			{ TRANSFER_MEM_READ, 0, DCRDR, 0 },
		};
		uint32_t values[2] = { 0, 0x12345678 };

		registers[selector] = 0x12345678;
		redactor_values(&redactor, batch, array_len(batch), values);
		assert_int_equal(values[1] == 0x12345678, selector > 12);
	}
	redactor_core(&redactor, registers);
	for (uint32_t i = 0; i < PROBE_CORE_REGISTERS; i++)
		assert_int_equal(registers[i] == 0x12345678, i > 12);
}

/* --- words and packets -------------------------------------------------------------------- */

static void
words_lack_serials_computers_and_files(void **state)
{
	static const struct {
		const char *said, *shown;
	} rows[] = {
		{ "probe ST-LINK/V2-1 0673FF505353667267080635 at USB 1-1",
		  "probe ST-LINK/V2-1 0673... at USB 1-1" },
		{ "kept in /home/ann/.local/state/tether/session-1.tether: see",
		  "kept in /...: see" },
		{ "line into /etc/udev/rules.d/60-tether.rules, run",
		  "line into /etc/udev/rules.d/60-tether.rules, run" },
		{ "session: 192.168.1.77:4242 connects, 127.0.0.1:5 too",
		  "session: HOST:4242 connects, 127.0.0.1:5 too" },
		{ "probe ST-LINK/V2 303030303030303030303031 of clones",
		  "probe ST-LINK/V2 303030303030303030303031 of clones" },
		{ "at bench.example.org:7184", "at benc..." },
		{ "[2001:db8::7]:4242 connects, [::1]:5 and [::]:5 too",
		  "HOST:4242 connects, [::1]:5 and [::]:5 too" },
		{ "[fe80::7%eth0]:4242 connects", "HOST:4242 connects" },
		{ "kept in /home/ann lee/a b/session-1.tether: see", "kept in /...: see" },
		{ "/home/ann has no ST-LINK/V2, /home/ann says",
		  "/... has no ST-LINK/V2, /... says" },
		{ "flash: ../acme/ldr.stldr programs 4 KiB", "flash: /... programs 4 KiB" },
		{ "flash: acme/customer.stldr programs 4 KiB",
		  "flash: acme... programs 4 KiB" },
		{ "it holds 0x12, not 0x34; READDEBUGREG with 0x11",
		  "it holds 0x.., not 0x..; READDEBUGREG with 0x11" },
		{ "C:\\Users\\ann lee\\x.elf is no file", "/... is no file" },
		{ "\"C:/acme/x.elf\" is no file", "\"/...\" is no file" },
		{ "a file \\\\server\\share\\x: no", "a file /...: no" },
		{ "~/acme/x.elf, ~ann/x.elf and ./x.elf", "/..., /... and /..." },
		{ "first bytes: GET / HTTP/1.1", "first bytes: GET / HTTP/1.1" },
		{ "SWDIO/SWCLK, ST-LINK/V2-1, read/write",
		  "SWDIO/SWCLK, ST-LINK/V2-1, read/write" },
		{ "STM32G471/473/474/483/484 at 0x08000000, CFSR is 0x00008200",
		  "STM32G471/473/474/483/484 at 0x08000000, CFSR is 0x00008200" },
	};
	struct redaction redaction = begin();

	(void)state;
	redaction_add_name(&redaction, "bench.example.org:7184");
	redaction_add_name(&redaction, "127.0.0.1:7184");
	for (size_t i = 0; i <= REDACTION_NAMES; i++)
		redaction_add_name(&redaction, "bench.example.org:7184");
	redaction_add_name(&redaction, "acme/customer.stldr");
	for (size_t i = 0; i < array_len(rows); i++) {
		char words[128];

		strcpy(words, rows[i].said);
		redaction_words(&redaction, words);
		assert_string_equal(words, rows[i].shown);
	}
}

/* Of what was said the words that are not tether's. */
static void
words_that_nobody_here_has_written_are_left_out(void **state)
{
	static const struct {
		const char *said, *shown;
	} rows[] = {
		{ "there is no monitor command \"xyzzy 0x4711 key\"",
		  "there is no monitor command \"...\"" },
		{ "thread \"Plughworker\" of core cm4 at 0x080001fe is halted",
		  "thread \"...\" of core cm4 at 0x080001fe is halted" },
		{ "use \"monitor reset halt\", or \"read 4711\"",
		  "use \"monitor reset halt\", or \"...\"" },
		{ "what is \"left open", "what is \"left open" },
		{ "what is \"left 4711", "what is \"..." },
		{ "xyzzy/plugh.stldr programs 4 KiB", ".../....stldr programs 4 KiB" },
		{ "the connection was refused: Connection refused",
		  "the connection was refused: Connection refused" },
		{ "M\xc3\xbcller is no file", "... is no file" },
		{ "STM32G471/473 V2J43M27 0xdeadbeef c87f0120 5 connections",
		  "STM32G471/473 V2J43M27 0xdeadbeef c87f0120 5 connections" },
	};
	struct redaction redaction = begin();

	(void)state;
	redaction.knows = vocabulary_has;
	for (size_t i = 0; i < array_len(rows); i++) {
		char words[128];

		strcpy(words, rows[i].said);
		redaction_words(&redaction, words);
		assert_string_equal(words, rows[i].shown);
	}
}

static void
assert_packet(char direction, const char *packet, const char *shown)
{
	struct redaction redaction = begin();
	char *written = NULL, *copy = strdup(packet);
	size_t size;
	FILE *file = open_memstream(&written, &size);

	assert_non_null(copy);
	if (direction == '>')
		redacted_request_write(file, copy);
	else
		redacted_reply_write(file, &redaction, copy);
	fclose(file);
	assert_string_equal(written, shown);
	free(written);
	free(copy);
}

static void
packets_lack_what_memory_held_and_keep_what_was_asked(void **state)
{
	(void)state;
	assert_packet('>', "m8000000,4", "m8000000,4");
	assert_packet('<', "f8d800bf", "(8 characters left out)");
	assert_packet('>', "x8000000,4", "x8000000,4");
	assert_packet('<', "bABCD", "(5 characters left out)");
	assert_packet('>', "M20000000,2:abcd", "M20000000,2:(4 characters left out)");
	assert_packet('>', "X20000000,2:\x80Q", "X20000000,2:(2 characters left out)");
	assert_packet('>', "vFlashWrite:8000420:\x80Q",
		      "vFlashWrite:8000420:(2 characters left out)");
	assert_packet('>', "G0011", "G(4 characters left out)");
	assert_packet('>', "P3=78563412", "P3=(8 characters left out)");
	assert_packet('>', "qCRC:8000000,4", "qCRC:(9 characters left out)");
	assert_packet('<', "C12345678", "(9 characters left out)");
	assert_packet('>', "qSearch:memory:8000000;4;abcd",
		      "qSearch:(21 characters left out)");
	assert_packet('>', "vRun;2f686f6d65", "vRun;(10 characters left out)");
	assert_packet('>', "vFile:open:2f68,0,0", "vFile(14 characters left out)");
	assert_packet('>', "Z0,8000100,2;X3,220027",
		      "Z0,8000100,2(10 characters left out)");
	/* "mdw 0x20000000", "reset halt", and "secret". */
	assert_packet('>', "qRcmd,6d64772030783230303030303030",
		      "qRcmd,6d6477(22 characters left out)");
	assert_packet('>', "qRcmd,72657365742068616c74", "qRcmd,72657365742068616c74");
	/* "reset secret" */
	assert_packet('>', "qRcmd,726573657420736563726574",
		      "qRcmd,7265736574(14 characters left out)");
	assert_packet('>', "qRcmd,736563726574", "qRcmd,(12 characters left out)");
	assert_packet('<', "O48656c6c6f0a", "(13 characters left out)");
	assert_packet('<', "OK", "OK");
	assert_packet('<', "1", "1");
	assert_packet('<', "E16", "E16");
	assert_packet('<', "E.no such file: /home/ann/x", "E.no such file: /...");
	assert_packet('<', "T05thread:1;07:c87f0120;0f:30010008;0c:11223344;",
		      "T05thread:1;07:xxxxxxxx;0f:30010008;0c:xxxxxxxx;");
	/* A function may use LR as it likes. */
	assert_packet('<', "T050d:c87f0120;0e:11223344;0e:fdffffff;0e:1;",
		      "T050d:c87f0120;0e:xxxxxxxx;0e:fdffffff;0e:x;");
	assert_packet('<', "l<threads><thread name=\"Ann\">", "l(28 characters left out)");
	assert_packet('<', "m<thread name=\"Ann\">", "m(19 characters left out)");
	assert_packet('<', "mp1.1,p1.2", "mp1.1(5 characters left out)");
	assert_packet('>', "vCont;c:1", "vCont;c:1");
}

/* Of what begins as a packet does the rest may be anything. */
static void
packets_without_the_form_of_their_head_lack_the_rest(void **state)
{
	(void)state;
	assert_packet('>', "mysecret", "m(7 characters left out)");
	assert_packet('>', "secret", "s(5 characters left out)");
	assert_packet('>', "sec", "sec");
	assert_packet('>', "vCont;c:1;password", "vCont;c:1(9 characters left out)");
	assert_packet('>', "vCont;r8000000,8000010:p1.1;C05",
		      "vCont;r8000000,8000010:p1.1;C05");
	assert_packet('>', "vSecretWord", "(11 characters left out)");
	assert_packet('>', "qSupported:multiprocess+;xmlRegisters=i386;ann+",
		      "qSupported:multiprocess+;xmlRegisters=i386;(4 characters left out)");
	assert_packet('>', "qXfer:features:read:target.xml:0,ffb",
		      "qXfer:features:read:target.xml:0,ffb");
	assert_packet('>', "qXfer:features:read:acmesecret.xml:0,ffb",
		      "qXfer:features:read:(20 characters left out)");
	assert_packet('>', "qXfer:exec-file:read:1:0,ffb", "qXfer(23 characters left out)");
	assert_packet('>', "Hg48656c6c6f20776f726c64000102", "Hg(28 characters left out)");
	assert_packet('>', "m48656c6c6f20776f726c64,4", "m(24 characters left out)");
	assert_packet('<', "T05thread:1;name:416e6e;",
		      "T05thread:1;(12 characters left out)");
	assert_packet('<', "T0548656c6c6f", "T05(10 characters left out)");
	assert_packet('<', "T05watch:20000000;thread:p1.1;core:0;",
		      "T05watch:20000000;thread:p1.1;core:0;");
	assert_packet('<', "%Stop:T05thread:1;", "%Stop:T05thread:1;");
	assert_packet('<', "Fsecret", "(7 characters left out)");
}

/* Of each line: who sent a packet, and whose packet waited too long. */
static void
each_line_lacks_the_clients_computer(void **state)
{
	static const char said[] =
		"#14:06:54.815 wire: rsp: 192.168.1.77:4242 > m8000000,4\n"
		"#14:06:54.816 wire: rsp: 192.168.1.77:4242 < OK\n"
		"#14:06:54.817 warning: session: 192.168.1.77:4242: gdb: the reply to "
		"\"M20,1:ab\" took longer than its remotetimeout; ask 192.168.1.77\n";
	static const char shown[] =
		"#14:06:54.815 wire: rsp: HOST:4242 > m8000000,4\n"
		"#14:06:54.816 wire: rsp: HOST:4242 < OK\n"
		"#14:06:54.817 warning: session: HOST:4242: gdb: the reply to "
		"\"M20,1:(2 characters left out)\" took longer than its remotetimeout; "
		"ask HOST\n";
	struct redaction redaction = begin();
	struct reason why;
	char *written = NULL;
	size_t size;
	FILE *file = open_memstream(&written, &size), *recording = tmpfile();

	(void)state;
	assert_non_null(recording);
	fputs(said, recording);
	assert_int_equal(redacted_log_write(file, recording, &redaction, &why), CAUSE_NONE);
	fclose(file);
	fclose(recording);
	assert_string_equal(written, shown);
	free(written);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			each_byte_becomes_another_one_always_the_same_and_erased_stays_erased),
		cmocka_unit_test(a_word_is_what_its_bytes_are),
		cmocka_unit_test(registers_and_what_the_manufacturer_programmed_stay),
		cmocka_unit_test(
			ranges_that_meet_become_one_and_more_than_there_is_room_for_cover_all),
		cmocka_unit_test(words_by_an_access_port_are_known_by_their_address),
		cmocka_unit_test(
			of_core_registers_the_programs_data_goes_and_where_it_is_stays),
		cmocka_unit_test(words_lack_serials_computers_and_files),
		cmocka_unit_test(words_that_nobody_here_has_written_are_left_out),
		cmocka_unit_test(packets_lack_what_memory_held_and_keep_what_was_asked),
		cmocka_unit_test(packets_without_the_form_of_their_head_lack_the_rest),
		cmocka_unit_test(each_line_lacks_the_clients_computer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
