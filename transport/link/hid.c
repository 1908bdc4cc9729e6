/* SPDX-License-Identifier: MIT */
#include "transport/link/hid.h"

#include "transport/base/bytes.h"
#include "transport/base/host.h"
#include "transport/base/patience.h"
#include "transport/base/text.h"
#include "transport/link/usb_holder.h"

#include <assert.h>
#include <errno.h>
#include <hidapi.h>
#include <stdlib.h>
#include <string.h>

struct hid {
	hid_device *device;
	char name[128]; /* "0d28:0204 at /dev/hidraw3" */
};

/* hidapi's wide characters as plain ones; what is none is shown as '?'. */
static void
copy_wide(char *out, size_t size, const wchar_t *wide)
{
	struct text text;

	text_init(&text, out, size);
	for (; wide != NULL && *wide != L'\0'; wide++)
		text_add(&text, "%c", *wide >= L' ' && *wide <= L'~' ? (char)*wide : '?');
}

static bool
is_wanted(const struct hid_found *found, const char *word, const struct usb_id *ids,
	  size_t ids_len)
{
	if (strstr(found->product, word) != NULL)
		return true;
	for (size_t i = 0; i < ids_len; i++)
		if (ids[i].vendor == found->id.vendor &&
		    ids[i].product == found->id.product)
			return true;
	return false;
}

static void
take(const struct hid_device_info *info, struct hid_found *found)
{
	*found = (struct hid_found){ .id = { info->vendor_id, info->product_id },
				     .usage_page = info->usage_page,
				     .interface = info->interface_number };
	text_copy(found->path, sizeof(found->path), info->path);
	copy_wide(found->serial, sizeof(found->serial), info->serial_number);
	copy_wide(found->product, sizeof(found->product), info->product_string);
}

enum cause
hid_list(const char *word, const struct usb_id *ids, size_t ids_len,
	 struct hid_found *found, size_t max, size_t *len, struct reason *why)
{
	struct hid_device_info *all;

	*len = 0;
	if (hid_init() != 0)
		return reason_begin(why, CAUSE_HOST,
				    "this computer's HID devices cannot be listed");
	/* NULL: there is none, or this user may not see any: either way no device. */
	all = hid_enumerate(0, 0);
	for (const struct hid_device_info *info = all; info != NULL && *len < max;
	     info = info->next) {
		take(info, &found[*len]);
		if (is_wanted(&found[*len], word, ids, ids_len))
			++*len;
	}
	hid_free_enumeration(all);
	return CAUSE_NONE;
}

bool
hid_is_openable(const struct hid_found *found)
{
	return found->path[0] != '/' || host_file_is_open_to_us(found->path);
}

/* "with the libusb back end the node is not in the path": then only hidapi's words tell. */
static bool
is_forbidden(const char *path, const char *words)
{
	if (path[0] == '/')
		return !host_file_is_open_to_us(path) && errno == EACCES;
	return strstr(words, "ACCESS") != NULL || strstr(words, "denied") != NULL;
}

/* Failure mode A3. CAUSE_NONE when no other program that we can see has it open. */
static enum cause
explain_holder(const struct hid_found *found, const char *name, struct reason *why)
{
	char buffer[REASON_LINE_MAX];
	struct text holder;

	text_init(&holder, buffer, sizeof(buffer));
	if (!usb_holder_find_hid(found->path, &holder))
		return CAUSE_NONE;
	reason_begin(why, CAUSE_HOST, "HID device %s is held by %s", name, buffer);
	usb_holder_suspect(buffer, why);
	return CAUSE_HOST;
}

/* Failure mode A2. */
static enum cause
explain_open(const struct hid_found *found, const char *name, struct reason *why)
{
	char words[160];

	if (explain_holder(found, name, why) != CAUSE_NONE)
		return CAUSE_HOST;
	copy_wide(words, sizeof(words), hid_error(NULL));
	if (!is_forbidden(found->path, words)) {
		reason_begin(why, CAUSE_HOST, "HID device %s cannot be opened: %s", name,
			     strstr(words, "not implemented") == NULL
				     ? words
				     : "hidapi does not say why");
		reason_suspect(why, FINDING_A3);
		return CAUSE_HOST;
	}
	reason_begin(why, CAUSE_HOST, "HID device %s: this user may not open it", name);
	reason_suspect_with(why, FINDING_A2,
			    "SUBSYSTEM==\"%s\", ATTRS{idVendor}==\"%04x\", "
			    "ATTRS{idProduct}==\"%04x\", MODE=\"0660\", TAG+=\"uaccess\"",
			    found->path[0] == '/' ? "hidraw" : "usb", found->id.vendor,
			    found->id.product);
	return CAUSE_HOST;
}

/* Linux's hidraw lets any number of programs in, and gives each of them all reports: two
 * servers would take each other's responses for their own. */
static bool
is_shared_by_kernel(const struct hid_found *found)
{
	return found->path[0] == '/';
}

enum cause
hid_open_found(const struct hid_found *found, struct hid **hid, struct reason *why)
{
	enum cause cause = CAUSE_NONE;
	struct hid *opened = calloc(1, sizeof(*opened));
	struct text name;

	if (opened == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a HID device");
	text_init(&name, opened->name, sizeof(opened->name));
	text_add(&name, "%04x:%04x at %s", found->id.vendor, found->id.product,
		 found->path);
	if (is_shared_by_kernel(found))
		cause = explain_holder(found, opened->name, why);
	if (cause == CAUSE_NONE)
		opened->device = hid_open_path(found->path);
	if (cause == CAUSE_NONE && opened->device == NULL)
		cause = explain_open(found, opened->name, why);
	if (cause != CAUSE_NONE) {
		free(opened);
		return cause;
	}
	*hid = opened;
	return CAUSE_NONE;
}

void
hid_close_device(struct hid *hid)
{
	if (hid == NULL)
		return;
	hid_close(hid->device);
	free(hid);
}

static enum cause
explain(struct hid *hid, const char *doing, struct reason *why)
{
	char words[160];

	copy_wide(words, sizeof(words), hid_error(hid->device));
	reason_begin(why, CAUSE_GONE, "HID device %s, %s: %s", hid->name, doing,
		     words[0] != '\0' ? words : "it was unplugged");
	reason_suspect(why, FINDING_A7);
	return CAUSE_GONE;
}

static enum cause
explain_cut(const struct hid *hid, struct reason *why)
{
	return reason_begin(why, CAUSE_GONE,
			    "HID device %s did not answer, and tether is shutting down",
			    hid->name);
}

enum cause
hid_send(struct hid *hid, const uint8_t *bytes, size_t size, size_t report_size,
	 struct reason *why)
{
	/* The first byte is the report's number: 0, since there are none. */
	uint8_t report[1 + HID_REPORT_MAX] = { 0 };

	assert(size <= report_size && report_size <= HID_REPORT_MAX);
	if (patience_is_spent())
		return explain_cut(hid, why);
	memcpy(report + 1, bytes, size);
	if (hid_write(hid->device, report, 1 + report_size) < 0)
		return explain(hid, "sending to it", why);
	return CAUSE_NONE;
}

/* hidapi's hidraw back end calls poll() that a signal has interrupted an error: 0 then, as if
 * nothing had come yet. */
static int
read_slice(struct hid *hid, uint8_t *bytes, size_t max, uint32_t ms)
{
	int got;

	errno = 0;
	got = hid_read_timeout(hid->device, bytes, max, (int)ms);
	return got < 0 && errno == EINTR ? 0 : got;
}

enum cause
hid_receive(struct hid *hid, uint8_t *bytes, size_t max, size_t *size, uint32_t timeout_ms,
	    struct reason *why)
{
	struct patience patience = patience_for_ms(timeout_ms);
	enum patience_state state = PATIENCE_LEFT;
	int got = 0;

	while (got == 0 && state == PATIENCE_LEFT) {
		got = read_slice(hid, bytes, max, patience_slice_ms(&patience));
		if (got == 0)
			state = patience_look(&patience);
	}
	*size = got > 0 ? (size_t)got : 0;
	if (got < 0)
		return explain(hid, "receiving from it", why);
	if (got > 0)
		return CAUSE_NONE;
	if (state == PATIENCE_CUT)
		return explain_cut(hid, why);
	return reason_begin(why, CAUSE_TIMEOUT, "HID device %s sent nothing within %u ms",
			    hid->name, (unsigned)timeout_ms);
}
