/* SPDX-License-Identifier: MIT */
#include "transport/base/bytes.h"

void
le32_put_words(uint8_t *bytes, const void *words, size_t size)
{
	const uint32_t *from = words;

	for (size_t i = 0; i < size / sizeof(*from); i++)
		le32_put(bytes + i * sizeof(*from), from[i]);
}

int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

void
hex_encode(char *out, const uint8_t *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

bool
hex_decode(uint8_t *out, const char *digits, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		int high = hex_digit(digits[2 * i]);
		int low = high < 0 ? -1 : hex_digit(digits[2 * i + 1]);

		if (low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}
