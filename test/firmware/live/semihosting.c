/* SPDX-License-Identifier: MIT */
/*
 * semihosting.c - a program whose C library is newlib's for semihosting, librdimon: it prints,
 * writes a file on the host, reads it back, asks for the time and ends with status 3. Each is
 * a BKPT 0xAB with the operation in R0 (Arm IHI "Semihosting for AArch32 and AArch64").
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STATUS = 3 };

extern void initialise_monitor_handles(void);
void _init(void);
void _fini(void);
int main(void);

/* Of crti.o, which a program without constructors does not need. */
void
_init(void)
{
}

void
_fini(void)
{
}

static void
write_and_read_back(const char *name)
{
	char text[32] = "";
	FILE *file = fopen(name, "w");
	if (!file) {
		printf("cannot write %s: %d\n", name, errno);
		exit(1);
	}
	fprintf(file, "%d bottles", 99);
	fclose(file);
	file = fopen(name, "r");
	if (file) {
		fgets(text, sizeof(text), file);
		fclose(file);
	}
	printf("read back: %s, %u bytes\n", text, (unsigned)strlen(text));
}

int
main(void)
{
	initialise_monitor_handles();
	printf("hello from the target\n");
	write_and_read_back("semihosting.txt");
	printf("the time is known: %s\n", time(NULL) > 0 ? "yes" : "no");
	printf("no such file: %s\n", fopen("/no/such/file", "r") ? "opened" : "refused");
	exit(STATUS);
}
