/* SPDX-License-Identifier: MIT */
#include "server/cli/redacted_packet.h"

#include "server/cli/vocabulary.h"
#include "server/monitor/rows.h"
#include "transport/base/bytes.h"
#include "transport/base/text.h"

#include <ctype.h>
#include <string.h>

enum { MONITOR_MAX = 512, NUMBER_MAX = 8, THREAD_MAX = 20 };

void
redacted_head_write(FILE *file, const char *words, size_t len)
{
	size_t left = strlen(words) - len;

	fprintf(file, "%.*s", (int)len, words);
	if (left > 0)
		fprintf(file, "(%zu characters left out)", left);
}

/* --- forms ------------------------------------------------------------------------------- */

/* What gdb and lldb say of themselves in qSupported (GDB manual, General Query Packets). */
static const char *const features[] = {
	"multiprocess+",   "swbreak+",         "hwbreak+",
	"qRelocInsn+",     "fork-events+",     "vfork-events+",
	"exec-events+",    "vContSupported+",  "QThreadEvents+",
	"QThreadOptions+", "no-resumed+",      "memory-tagging+",
	"error-message+",  "xmlRegisters=arm", "xmlRegisters=i386",
	"binary-upload+",  "single-inf-arg+",  "xmlRegisters=i386,arm,mips",
	"qEcho+",
};

/* What goes on as a word is none. */
static size_t
fit_run(const char *words, const char *chars, size_t max)
{
	size_t len = strspn(words, chars);

	return len <= max && !isalnum((unsigned char)words[len]) ? len : 0;
}

static size_t
fit_number(const char *words)
{
	return fit_run(words, "0123456789abcdefABCDEF", NUMBER_MAX);
}

/* "1", "p1.2", "-1" */
static size_t
fit_thread(const char *words)
{
	return fit_run(words, "0123456789abcdef.-p", THREAD_MAX);
}

/* A name of ours, as that of a document: "target.xml". */
static size_t
fit_word(const char *words)
{
	size_t len = 0;

	while (isalpha((unsigned char)words[len]))
		len++;
	if (len == 0 || !vocabulary_has(words, len))
		return 0;
	return len + (text_begins(words + len, ".xml") ? strlen(".xml") : 0);
}

static size_t
fit_feature(const char *words)
{
	size_t len = strcspn(words, ";");

	for (size_t i = 0; i < array_len(features); i++)
		if (strlen(features[i]) == len && text_begins(words, features[i]))
			return len;
	return 0;
}

/* A list of these, apart by ";". */
static size_t
fit_features(const char *words)
{
	size_t len = 0, some;

	while ((some = fit_feature(words + len)) > 0) {
		len += some;
		if (words[len] != ';')
			break;
		len++;
	}
	return len;
}

/* One of a list: ";c:1", ";r8000000,8000010:p1.1", ";C05" */
static size_t
fit_action(const char *words)
{
	size_t len = 2;

	if (words[0] != ';' || words[1] == '\0' || strchr("cCsSrt", words[1]) == NULL)
		return 0;
	len += fit_number(words + len);
	if (words[len] == ',' && fit_number(words + len + 1) > 0)
		len += 1 + fit_number(words + len + 1);
	if (words[len] == ':' && fit_thread(words + len + 1) > 0)
		len += 1 + fit_thread(words + len + 1);
	return len;
}

static size_t
fit_actions(const char *words)
{
	size_t len = 0, some;

	while ((some = fit_action(words + len)) > 0)
		len += some;
	return len;
}

/* Of what the letters of a form stand for: others stand for themselves. */
static const struct {
	char letter;
	size_t (*fit)(const char *words);
} parts[] = {
	{ '#', fit_number },   { '@', fit_thread },  { '%', fit_word },
	{ '^', fit_features }, { '*', fit_actions },
};

/* How much of `words` one letter of a form fits; 0: it does not. */
static size_t
fit_letter(const char *words, char letter)
{
	for (size_t i = 0; i < array_len(parts); i++)
		if (parts[i].letter == letter)
			return parts[i].fit(words);
	return words[0] == letter ? 1 : 0;
}

/* How much of `words` has that form. */
static size_t
fit(const char *words, const char *form)
{
	size_t len = 0, some;

	for (; *form != '\0' && (some = fit_letter(words + len, *form)) > 0; form++)
		len += some;
	return len;
}

struct form {
	const char *head, *form;
};

/* NULL: none has it. */
static const struct form *
find_form(const struct form *forms, const char *packet)
{
	while (forms->head != NULL && !text_begins(packet, forms->head))
		forms++;
	return forms->head != NULL ? forms : NULL;
}

/* Nothing of one that begins as none does. */
static void
write_fitting(FILE *file, const struct form *forms, const char *packet)
{
	const struct form *form = find_form(forms, packet);
	size_t head = form == NULL ? 0 : strlen(form->head);

	redacted_head_write(file, packet,
			    form == NULL ? 0 : head + fit(packet + head, form->form));
}

/* --- requests (GDB manual, Packets, and General Query Packets) ------------------------------ */

/* The first that fits counts: those of one letter stand behind the others. */
static const struct form requests[] = {
	{ "vFlashWrite", ":#:" },
	{ "vFlashErase", ":#,#" },
	{ "vFlashDone", "" },
	{ "vCont?", "" },
	{ "vCont", "*" },
	{ "vCtrlC", "" },
	{ "vStopped", "" },
	{ "vAttach", ";#" },
	{ "vKill", ";#" },
	{ "vRun", ";" },
	{ "vFile", "" },
	{ "vMustReplyEmpty", "" },
	{ "qSupported", ":^" },
	{ "qXfer:features:read:", "%:#,#" },
	{ "qXfer:memory-map:read:", ":#,#" },
	{ "qXfer:threads:read:", ":#,#" },
	{ "qXfer:osdata:read:", "%:#,#" },
	{ "qXfer", "" },
	{ "qAttached", ":#" },
	{ "qCRC:", "" },
	{ "qC", "" },
	{ "qHostInfo", "" },
	{ "qMemoryRegionInfo", ":#" },
	{ "qOffsets", "" },
	{ "qProcessInfo", "" },
	{ "qRegisterInfo", "#" },
	{ "qSearch:", "" },
	{ "qSymbol:", "" },
	{ "qTStatus", "" },
	{ "qThreadExtraInfo", ",@" },
	{ "qThreadStopInfo", "#" },
	{ "qVAttachOrWaitSupported", "" },
	{ "qWatchpointSupportInfo", "" },
	{ "qfThreadInfo", "" },
	{ "qsThreadInfo", "" },
	{ "QEnableErrorStrings", "" },
	{ "QListThreadsInStopReply", "" },
	{ "QNonStop", ":#" },
	{ "QStartNoAckMode", "" },
	{ "QThreadEvents", ":#" },
	{ "QThreadSuffixSupported", "" },
	{ "jThreadsInfo", "" },
	{ "(interrupt)", "" },
	{ "M", "#,#:" },
	{ "X", "#,#:" },
	{ "P", "#=" },
	{ "p", "#" },
	{ "m", "#,#" },
	{ "x", "#,#" },
	{ "Z", "#,#,#" },
	{ "z", "#,#,#" },
	{ "G", "" },
	{ "g", "" },
	{ "?", "" },
	{ "!", "" },
	{ "Hg", "@" },
	{ "Hc", "@" },
	{ "T", "@" },
	{ "D", ";#" },
	{ "k", "" },
	{ "R", "#" },
	{ "C", "#;#" },
	{ "S", "#;#" },
	{ "c", "#" },
	{ "s", "#" },
	{ NULL, NULL },
};

/* Is it one of those that the row's own words offer, as "halt" of "[halt|run]"? */
static bool
is_offered(const char *arguments, const char *word, size_t len)
{
	for (const char *at = arguments; at != NULL && *at != '\0'; at++)
		if (strncmp(at, word, len) == 0 && !isalnum((unsigned char)at[len]) &&
		    (at == arguments || !isalnum((unsigned char)at[-1])))
			return true;
	return false;
}

/* The name of a command, and what follows up to a word that may be a file or the contents of memory. */
static size_t
known_of(const char *line)
{
	const char *rest;
	const struct monitor_row *row = monitor_find(line, &rest);
	size_t kept = row == NULL ? 0 : strlen(row->name);

	while (row != NULL && line[kept] == ' ') {
		size_t blanks = strspn(line + kept, " ");
		size_t len = strcspn(line + kept + blanks, " ");

		if (len == 0 || !is_offered(row->arguments, line + kept + blanks, len))
			return kept;
		kept += blanks + len;
	}
	return kept;
}

static void
write_monitor(FILE *file, const char *packet)
{
	static const char head[] = "qRcmd,";
	char line[MONITOR_MAX + 1];
	const char *digits = packet + strlen(head);
	size_t len = strlen(digits) / 2 < MONITOR_MAX ? strlen(digits) / 2 : MONITOR_MAX;

	if (!hex_decode((uint8_t *)line, digits, len))
		len = 0;
	line[len] = '\0';
	redacted_head_write(file, packet, strlen(head) + 2 * known_of(line));
}

void
redacted_request_write(FILE *file, const char *packet)
{
	if (text_begins(packet, "qRcmd,"))
		write_monitor(file, packet);
	else
		write_fitting(file, requests, packet);
}

/* --- replies ------------------------------------------------------------------------------ */

/* Digits of memory and registers are of lower case, what "x" reads begins with "b", and documents, in
 * which names of threads may be, with "l" or "m" (GDB manual, Packets). */
static const struct form replies[] = {
	{ "OK", "" },           { "QC", "@" }, { "S", "#" }, { "W", "#;process:#" },
	{ "X", "#;process:#" }, { "l", "" },   { "m", "@" }, { NULL, NULL },
};

/* What tether says of itself, with nothing in it that came from elsewhere. */
static const char *const ours[] = { "PacketSize=", "vCont;c", "Text=0;Data=0;Bss=0" };

/* Beside registers (GDB manual, Stop Reply Packets; lldb, lldb-gdb-remote.txt). */
static const char *const stop_keys[] = {
	"thread",  "threads", "core",   "watch",      "rwatch",  "awatch",
	"hwbreak", "swbreak", "reason", "thread-pcs", "process",
};

/* Where the program is and where its stacks are stays. LR holds what a function likes between its
 * calls, and stays as an EXC_RETURN (DDI 0403E B1.5.8) alone. */
static bool
is_kept(int number, const char *digits, size_t len)
{
	enum { LR = 14, FIRST_KEPT = 13, LEAST = 2, WORD = 8 };

	if (number != LR)
		return number >= FIRST_KEPT;
	return len == WORD && text_begins(digits + LEAST, "ffffff");
}

/* One that is left out is "0c:xxxxxxxx". Its length; 0: it is no register. */
static size_t
take_register(char *pair)
{
	enum { HEAD = 3 };

	int high = hex_digit(pair[0]), low = high < 0 ? -1 : hex_digit(pair[1]);
	size_t len = low < 0 || pair[2] != ':' ? 0 : fit_number(pair + HEAD);

	if (len > 0 && !is_kept(high * 16 + low, pair + HEAD, len))
		memset(pair + HEAD, 'x', len);
	return len > 0 ? HEAD + len : 0;
}

static size_t
fit_values(const char *words)
{
	size_t len = fit_word(words), some;

	if (len > 0)
		return len;
	while ((some = fit_thread(words + len)) > 0) {
		len += some;
		if (words[len] != ',')
			break;
		len++;
	}
	return len;
}

static size_t
take_key(const char *pair)
{
	size_t len = strcspn(pair, ":;");

	for (size_t i = 0; i < array_len(stop_keys) && pair[len] == ':'; i++)
		if (strlen(stop_keys[i]) == len && text_begins(pair, stop_keys[i]))
			return len + 1 + fit_values(pair + len + 1);
	return 0;
}

/* "05thread:1;07:c87f0120;hwbreak:;": up to what is none of these. */
static size_t
take_stop(char *words)
{
	static const char digits[] = "0123456789abcdef";
	enum { SIGNAL = 2 };

	size_t len = strspn(words, digits) >= SIGNAL ? SIGNAL : 0, some = len;

	while (some > 0 && words[len] != '\0') {
		some = take_register(words + len);
		if (some == 0)
			some = take_key(words + len);
		if (some > 0 && words[len + some] == ';')
			some++;
		len += some;
	}
	return len;
}

void
redacted_reply_write(FILE *file, const struct redaction *redaction, char *packet)
{
	static const char stop[] = "%Stop:T";

	for (size_t i = 0; i < array_len(ours); i++)
		if (text_begins(packet, ours[i])) {
			fputs(packet, file);
			return;
		}
	if (strlen(packet) <= 1) {
		fputs(packet, file);
	} else if (packet[0] == 'E') {
		redaction_words(redaction, packet);
		fputs(packet, file);
	} else if (packet[0] == 'T')
		redacted_head_write(file, packet, 1 + take_stop(packet + 1));
	else if (text_begins(packet, stop))
		redacted_head_write(file, packet,
				    strlen(stop) + take_stop(packet + strlen(stop)));
	else
		write_fitting(file, replies, packet);
}
