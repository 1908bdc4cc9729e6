/* SPDX-License-Identifier: MIT */
/* file_write.c - the other direction of file.c: bytes with an address, to a file. */
#include "flash/load/file.h"

#include "flash/load/uf2.h"
#include "transport/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { RECORD_BYTES = 32, HEX_BLOCK = 0x10000 };

typedef void write_format(FILE *file, uint32_t at, const uint8_t *bytes, uint32_t size);

static void
write_digits(FILE *file, const uint8_t *bytes, unsigned len, uint8_t *sum)
{
	for (unsigned i = 0; i < len; i++) {
		fprintf(file, "%02X", bytes[i]);
		*sum = (uint8_t)(*sum + bytes[i]);
	}
}

/* Intel, Rev A: the sum of all bytes is 0. */
static void
write_hex_record(FILE *file, uint16_t at, uint8_t type, const uint8_t *bytes, unsigned len)
{
	uint8_t head[] = { (uint8_t)len, (uint8_t)(at >> 8), (uint8_t)at, type }, sum = 0;

	fputc(':', file);
	write_digits(file, head, sizeof(head), &sum);
	write_digits(file, bytes, len, &sum);
	fprintf(file, "%02X\n", (uint8_t)-sum);
}

/* Of `left` bytes from `at` on, those of the next record, which does not cross 64 KiB. */
static unsigned
next_len(uint32_t at, uint32_t left)
{
	uint32_t block = HEX_BLOCK - at % HEX_BLOCK;

	if (left > RECORD_BYTES)
		left = RECORD_BYTES;
	return left < block ? left : block;
}

static void
write_hex(FILE *file, uint32_t at, const uint8_t *bytes, uint32_t size)
{
	enum { DATA = 0, END = 1, HIGH = 4 };
	unsigned len;

	for (uint32_t done = 0; done < size; done += len) {
		uint32_t place = at + done;
		uint8_t high[] = { (uint8_t)(place >> 24), (uint8_t)(place >> 16) };

		if (done == 0 || place % HEX_BLOCK == 0)
			write_hex_record(file, 0, HIGH, high, sizeof(high));
		len = next_len(place, size - done);
		write_hex_record(file, (uint16_t)place, DATA, bytes + done, len);
	}
	write_hex_record(file, 0, END, NULL, 0);
}

/* srec_motorola(5): with four bytes of address; the sum of all bytes is 0xff. */
static void
write_srec_record(FILE *file, char type, uint32_t at, const uint8_t *bytes, unsigned len)
{
	uint8_t head[] = { (uint8_t)(len + 5), (uint8_t)(at >> 24), (uint8_t)(at >> 16),
			   (uint8_t)(at >> 8), (uint8_t)at };
	uint8_t sum = 0;

	fprintf(file, "S%c", type);
	write_digits(file, head, sizeof(head), &sum);
	write_digits(file, bytes, len, &sum);
	fprintf(file, "%02X\n", (uint8_t)~sum);
}

static void
write_srec(FILE *file, uint32_t at, const uint8_t *bytes, uint32_t size)
{
	unsigned len;

	for (uint32_t done = 0; done < size; done += len) {
		len = next_len(at + done, size - done);
		write_srec_record(file, '3', at + done, bytes + done, len);
	}
	write_srec_record(file, '7', at, NULL, 0);
}

static void
write_uf2(FILE *file, uint32_t at, const uint8_t *bytes, uint32_t size)
{
	uint8_t block[UF2_BLOCK];

	for (uint32_t i = 0; i < uf2_blocks(size); i++) {
		uf2_make_block(block, i, at, bytes, size);
		fwrite(block, 1, sizeof(block), file);
	}
}

static void
write_bytes(FILE *file, uint32_t at, const uint8_t *bytes, uint32_t size)
{
	(void)at;
	fwrite(bytes, 1, size, file);
}

static const struct {
	const char *end;
	write_format *write;
} formats[] = {
	{ ".hex", write_hex },  { ".ihex", write_hex }, { ".srec", write_srec },
	{ ".s19", write_srec }, { ".s28", write_srec }, { ".s37", write_srec },
	{ ".mot", write_srec }, { ".uf2", write_uf2 },  { "", write_bytes },
};

static write_format *
format_of(const char *path)
{
	size_t len = strlen(path), i = 0;

	while (strlen(formats[i].end) > len ||
	       !text_is_like(path + len - strlen(formats[i].end), formats[i].end))
		i++;
	return formats[i].write;
}

enum cause
file_write(const char *path, uint32_t at, const uint8_t *bytes, uint32_t size,
	   struct reason *why)
{
	FILE *file = fopen(path, "wb");
	bool is_written;

	if (file == NULL)
		return reason_begin(why, CAUSE_HOST, "%s cannot be written: %s", path,
				    strerror(errno));
	format_of(path)(file, at, bytes, size);
	is_written = fflush(file) == 0 && !ferror(file);
	if (fclose(file) == 0 && is_written)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_HOST, "%s is not whole: %s", path, strerror(errno));
}
