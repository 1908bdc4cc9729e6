/* SPDX-License-Identifier: MIT */
/*
 * logger.c - as large as programs for these chips often are: a data logger with a console, which
 * evaluates formulas, sorts, filters and transforms what it measured, keeps time, and reads and prints
 * numbers, by newlib and its mathematics. How long a load of it takes is what it is for.
 */
#include <complex.h>
#include <ctype.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

enum { SAMPLES = 256, CHANNELS = 4, LINE = 160, NAMES = 16 };

struct sample {
	time_t at;
	double values[CHANNELS];
};

struct variable {
	char name[NAMES];
	double value;
};

static struct sample samples[SAMPLES];
static unsigned count;
static struct variable variables[NAMES];
static jmp_buf give_up;

/* Formulas: sums of products of powers of what is in brackets, a number, a name or a function. */
static const char *rest;
static double sum(void);

static void
skip_blanks(void)
{
	while (isspace((unsigned char)*rest))
		rest++;
}

static void
refuse(const char *why)
{
	printf("?%s at \"%s\"\n", why, rest);
	longjmp(give_up, 1);
}

static const struct {
	const char *name;
	double (*of)(double);
} functions[] = {
	{ "sin", sin },     { "cos", cos },      { "tan", tan },     { "asin", asin },
	{ "acos", acos },   { "atan", atan },    { "sinh", sinh },   { "cosh", cosh },
	{ "tanh", tanh },   { "exp", exp },      { "log", log },     { "log10", log10 },
	{ "sqrt", sqrt },   { "cbrt", cbrt },    { "floor", floor }, { "ceil", ceil },
	{ "round", round }, { "gamma", tgamma }, { "erf", erf },     { "abs", fabs },
	{ "j0", j0 },       { "j1", j1 },        { "y0", y0 },       { "y1", y1 },
	{ "exp2", exp2 },   { "log2", log2 },    { "expm1", expm1 }, { "log1p", log1p },
	{ "asinh", asinh }, { "acosh", acosh },  { "atanh", atanh }, { "lgamma", lgamma },
};

/* The same in single precision, which the core computes by itself. */
static const struct {
	const char *name;
	float (*of)(float);
} single_functions[] = {
	{ "fsin", sinf },       { "fcos", cosf },      { "ftan", tanf },
	{ "fasin", asinf },     { "facos", acosf },    { "fatan", atanf },
	{ "fsinh", sinhf },     { "fcosh", coshf },    { "ftanh", tanhf },
	{ "fexp", expf },       { "flog", logf },      { "flog10", log10f },
	{ "fsqrt", sqrtf },     { "fcbrt", cbrtf },    { "fexp2", exp2f },
	{ "flog2", log2f },     { "fgamma", tgammaf }, { "ferf", erff },
	{ "flgamma", lgammaf }, { "fasinh", asinhf },  { "facosh", acoshf },
	{ "fatanh", atanhf },   { "fj0", j0f },
};

static const struct {
	const char *name;
	double complex (*of)(double complex);
} complex_functions[] = {
	{ "csin", csin },   { "ccos", ccos },   { "ctan", ctan },   { "casin", casin },
	{ "cacos", cacos }, { "catan", catan }, { "csinh", csinh }, { "ccosh", ccosh },
	{ "ctanh", ctanh }, { "clog", clog },   { "csqrt", csqrt }, { "casinh", casinh },
};

static const struct {
	const char *name;
	float complex (*of)(float complex);
} single_complex_functions[] = {
	{ "fcsin", csinf },   { "fccos", ccosf },     { "fctan", ctanf },
	{ "fcasin", casinf }, { "fcacos", cacosf },   { "fcatan", catanf },
	{ "fcsinh", csinhf }, { "fcexp", cexpf },     { "fclog", clogf },
	{ "fcsqrt", csqrtf }, { "fcatanh", catanhf },
};

static double
call(const char *name, double value)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (strcmp(functions[i].name, name) == 0)
			return functions[i].of(value);
	for (size_t i = 0; i < sizeof(single_functions) / sizeof(single_functions[0]); i++)
		if (strcmp(single_functions[i].name, name) == 0)
			return (double)single_functions[i].of((float)value);
	for (size_t i = 0; i < sizeof(complex_functions) / sizeof(complex_functions[0]);
	     i++)
		if (strcmp(complex_functions[i].name, name) == 0)
			return creal(complex_functions[i].of(value));
	for (size_t i = 0;
	     i < sizeof(single_complex_functions) / sizeof(single_complex_functions[0]);
	     i++)
		if (strcmp(single_complex_functions[i].name, name) == 0)
			return (double)crealf(
				single_complex_functions[i].of((float complex)value));
	refuse("no such function");
	return 0;
}

static struct variable *
find_variable(const char *name)
{
	for (unsigned i = 0; i < NAMES; i++)
		if (strcmp(variables[i].name, name) == 0)
			return &variables[i];
	return NULL;
}

static double
named(void)
{
	char name[NAMES] = "";
	size_t length = 0;

	while (isalnum((unsigned char)*rest) && length < sizeof(name) - 1)
		name[length++] = *rest++;
	skip_blanks();
	if (*rest == '(') {
		double value;

		rest++;
		value = sum();
		if (*rest++ != ')')
			refuse("no )");
		return call(name, value);
	}
	if (find_variable(name) == NULL)
		refuse("no such name");
	return find_variable(name)->value;
}

static double
factor(void)
{
	char *end;
	double value;

	skip_blanks();
	if (*rest == '-') {
		rest++;
		return -factor();
	}
	if (*rest == '(') {
		rest++;
		value = sum();
		if (*rest++ != ')')
			refuse("no )");
		return value;
	}
	if (isalpha((unsigned char)*rest))
		return named();
	value = strtod(rest, &end);
	if (end == rest)
		refuse("no number");
	rest = end;
	return value;
}

static double
power(void)
{
	double value = factor();

	skip_blanks();
	if (*rest != '^')
		return value;
	rest++;
	return pow(value, power());
}

static double
product(void)
{
	double value = power();

	for (;;) {
		skip_blanks();
		switch (*rest) {
		case '*':
			rest++;
			value *= power();
			break;
		case '/':
			rest++;
			value /= power();
			break;
		case '%':
			rest++;
			value = fmod(value, power());
			break;
		default:
			return value;
		}
	}
}

static double
sum(void)
{
	double value = product();

	for (;;) {
		skip_blanks();
		if (*rest == '+') {
			rest++;
			value += product();
		} else if (*rest == '-') {
			rest++;
			value -= product();
		} else {
			return value;
		}
	}
}

/* Statistics of a channel. */
static int
compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static void
print_statistics(unsigned channel)
{
	double *values = malloc(count * sizeof(*values)), mean = 0, square = 0, cube = 0;

	if (values == NULL) {
		perror("statistics");
		return;
	}
	for (unsigned i = 0; i < count; i++)
		mean += values[i] = samples[i].values[channel];
	mean /= count;
	for (unsigned i = 0; i < count; i++) {
		double off = values[i] - mean;

		square += off * off;
		cube += off * off * off;
	}
	qsort(values, count, sizeof(*values), compare);
	printf("channel %u: %u values, mean %.6g, deviation %.6g, skewness %.3f, "
	       "least %.6g, median %.6g, most %.6g\n",
	       channel, count, mean, sqrt(square / count),
	       cube / count / pow(square / count, 1.5), values[0], values[count / 2],
	       values[count - 1]);
	free(values);
}

/* Cooley and Tukey's transform; a power of two. */
static void
transform(double complex *values, unsigned length)
{
	for (unsigned i = 1, j = 0; i < length; i++) {
		unsigned bit = length >> 1;

		for (; j & bit; bit >>= 1)
			j ^= bit;
		j ^= bit;
		if (i < j) {
			double complex kept = values[i];

			values[i] = values[j];
			values[j] = kept;
		}
	}
	for (unsigned size = 2; size <= length; size *= 2) {
		double complex step = cexp(-2 * M_PI * I / size);

		for (unsigned first = 0; first < length; first += size) {
			double complex turn = 1;

			for (unsigned i = first; i < first + size / 2; i++) {
				double complex odd = turn * values[i + size / 2];

				values[i + size / 2] = values[i] - odd;
				values[i] += odd;
				turn *= step;
			}
		}
	}
}

static void
print_spectrum(unsigned channel)
{
	static double complex values[SAMPLES];

	for (unsigned i = 0; i < SAMPLES; i++)
		values[i] = samples[i].values[channel] *
			    (0.5 - 0.5 * cos(2 * M_PI * i / SAMPLES));
	transform(values, SAMPLES);
	for (unsigned i = 0; i < SAMPLES / 2; i++)
		printf("%3u %12.5e %8.2f dB %7.1f deg\n", i, cabs(values[i]),
		       20 * log10(cabs(values[i]) + 1e-12), carg(values[i]) * 180 / M_PI);
}

/* Time. */
static void
print_times(void)
{
	char line[LINE];

	for (unsigned i = 0; i < count; i++) {
		struct tm *broken = localtime(&samples[i].at);

		strftime(line, sizeof(line), "%A, %d %B %Y, %H:%M:%S %Z, week %V", broken);
		printf("%4u %s", i, line);
		for (unsigned channel = 0; channel < CHANNELS; channel++)
			printf(" %+10.4f", samples[i].values[channel]);
		putchar('\n');
	}
}

static void
set_clock(const char *text)
{
	struct tm broken = { .tm_isdst = -1 };

	if (strptime(text, "%d %b %Y %H:%M:%S", &broken) == NULL &&
	    sscanf(text, "%d-%d-%d %d:%d:%d", &broken.tm_year, &broken.tm_mon,
		   &broken.tm_mday, &broken.tm_hour, &broken.tm_min, &broken.tm_sec) != 6) {
		puts("?a time is YYYY-MM-DD HH:MM:SS");
		return;
	}
	broken.tm_year -= 1900;
	broken.tm_mon--;
	samples[0].at = mktime(&broken);
	printf("the first was at %s", ctime(&samples[0].at));
}

/* What is sent: a line of JSON, with a checksum. */
static uint32_t
checksum(const char *text)
{
	uint32_t crc = UINT32_MAX;

	for (; *text != '\0'; text++) {
		crc ^= (unsigned char)*text;
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
	}
	return ~crc;
}

static void
send_sample(const struct sample *sample)
{
	char line[LINE];
	int length = snprintf(line, sizeof(line), "{\"at\":%lld,\"values\":[",
			      (long long)sample->at);

	for (unsigned i = 0; i < CHANNELS; i++)
		length += snprintf(line + length, sizeof(line) - (size_t)length, "%s%.9g",
				   i == 0 ? "" : ",", sample->values[i]);
	snprintf(line + length, sizeof(line) - (size_t)length, "],\"crc\":\"%08lx\"}",
		 (unsigned long)checksum(line));
	puts(line);
}

/* As integers: thousandths, for hosts without floating point. newlib has functions for that, which
 * are smaller. */
static void
send_integers(const struct sample *sample)
{
	char line[LINE];
	int length = siprintf(line, "%ld", (long)sample->at);

	for (unsigned i = 0; i < CHANNELS; i++)
		length += sniprintf(line + length, sizeof(line) - (size_t)length, ",%ld",
				    lround(sample->values[i] * 1000));
	iprintf("%s;%08lx\n", line, (unsigned long)checksum(line));
}

static void
receive_integers(void)
{
	char line[LINE];
	long values[CHANNELS];

	for (count = 0; count < SAMPLES; count++) {
		int taken = count % 2 == 0 && fgets(line, sizeof(line), stdin) != NULL
				    ? siscanf(line, "%ld,%ld,%ld,%ld", &values[0],
					      &values[1], &values[2], &values[3])
				    : fiscanf(stdin, "%ld,%ld,%ld,%ld", &values[0],
					      &values[1], &values[2], &values[3]);

		if (taken != CHANNELS)
			return;
		for (unsigned i = 0; i < CHANNELS; i++)
			samples[count].values[i] = values[i] / 1000.0;
	}
}

static void
send_all(void)
{
	for (unsigned i = 0; i < count; i++)
		send_sample(&samples[i]);
	for (unsigned i = 0; i < count; i++)
		send_integers(&samples[i]);
}

/* x = formula */
static void
assign(char *line)
{
	char *equals = strchr(line, '=');
	struct variable *variable;
	char name[NAMES] = "";

	*equals = '\0';
	if (sscanf(line, " %15[a-zA-Z0-9] ", name) != 1) {
		puts("?no name");
		return;
	}
	variable = find_variable(name);
	if (variable == NULL)
		variable = find_variable("");
	if (variable == NULL) {
		puts("?too many names");
		return;
	}
	strcpy(variable->name, name);
	rest = equals + 1;
	variable->value = sum();
	printf("%s = %.12g (%a)\n", name, variable->value, variable->value);
}

static void
measure(void)
{
	for (; count < SAMPLES; count++) {
		samples[count].at = time(NULL);
		for (unsigned channel = 0; channel < CHANNELS; channel++)
			samples[count].values[channel] = sin(count * (channel + 1) * 0.1) +
							 rand() / (double)RAND_MAX;
	}
}

/* Samples from the host: four numbers a line, or, of a second kind of host, wide ones. */
static void
receive(bool is_wide)
{
	for (count = 0; count < SAMPLES; count++) {
		double *values = samples[count].values;
		int taken = is_wide ? fwscanf(stdin, L"%lf,%lf,%lf,%lf", &values[0],
					      &values[1], &values[2], &values[3])
				    : fscanf(stdin, "%lf,%lf,%lf,%lf", &values[0],
					     &values[1], &values[2], &values[3]);

		if (taken != CHANNELS)
			return;
		samples[count].at = time(NULL);
	}
}

/* As the place has it: names of days and months, and what counts as a letter. */
static void
print_local(const char *place)
{
	wchar_t line[LINE];
	unsigned letters = 0;

	if (setlocale(LC_ALL, place) == NULL)
		printf("?%s\n", place);
	wcsftime(line, LINE, L"%A, %d %B %Y, %c", localtime(&samples[0].at));
	for (unsigned i = 0; line[i] != L'\0'; i++) {
		letters += iswalpha((wint_t)line[i]) || iswpunct((wint_t)line[i]);
		line[i] = (wchar_t)towupper((wint_t)line[i]);
	}
	wprintf(L"%ls: %u letters, of %s\n", line, letters, nl_langinfo(CODESET));
}

static double
call_pair(const char *name, double a, double b)
{
	static const struct {
		const char *name;
		double (*of)(double, double);
	} pairs[] = {
		{ "atan2", atan2 }, { "hypot", hypot },         { "fmod", fmod },
		{ "fdim", fdim },   { "copysign", copysign },   { "remainder", remainder },
		{ "fmax", fmax },   { "nextafter", nextafter },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (strcmp(pairs[i].name, name) == 0)
			return pairs[i].of(a, b);
	if (strcmp(name, "jn") == 0)
		return jn((int)a, b);
	if (strcmp(name, "yn") == 0)
		return yn((int)a, b);
	if (strcmp(name, "fma") == 0)
		return fma(a, b, 1);
	if (strcmp(name, "cpow") == 0)
		return creal(cpow(a, b)) + (double)crealf(cpowf((float)a, (float)b));
	return (double)powf((float)a, (float)b) + (double)hypotf((float)a, (float)b) +
	       (double)fmodf((float)a, (float)b) + (double)atan2f((float)a, (float)b);
}

static void
print_pair(const char *text)
{
	char name[NAMES];
	double a, b;

	if (sscanf(text, "%15s %lf %lf", name, &a, &b) == 3)
		printf("%.15g %La\n", call_pair(name, a, b), strtold(text, NULL));
}

static void
print_wide(const char *text)
{
	wchar_t wide[LINE];
	double value;
	size_t length = mbstowcs(wide, text, LINE);

	if (length == (size_t)-1)
		printf("?%s\n", strerror(errno));
	else
		wprintf(L"%ls has %zu characters\n", wide, length);
	if (swscanf(wide, L"%lf", &value) == 1)
		wprintf(L"and begins with %.17g\n", value + wcstod(wide, NULL));
}

static void
obey(char *line)
{
	char *word = strtok(line, " \n"), *more = strtok(NULL, "\n");
	unsigned channel = more != NULL ? (unsigned)strtoul(more, NULL, 0) % CHANNELS : 0;

	if (word == NULL)
		return;
	if (strcasecmp(word, "measure") == 0)
		measure();
	else if (strcasecmp(word, "statistics") == 0)
		print_statistics(channel);
	else if (strcasecmp(word, "spectrum") == 0)
		print_spectrum(channel);
	else if (strcasecmp(word, "list") == 0)
		print_times();
	else if (strcasecmp(word, "send") == 0)
		send_all();
	else if (strcasecmp(word, "integers") == 0)
		receive_integers();
	else if (strcasecmp(word, "receive") == 0)
		receive(more != NULL && strcasecmp(more, "wide") == 0);
	else if (more == NULL)
		printf("?%s\n", word);
	else if (strcasecmp(word, "clock") == 0)
		set_clock(more);
	else if (strcasecmp(word, "wide") == 0)
		print_wide(more);
	else if (strcasecmp(word, "local") == 0)
		print_local(more);
	else if (strcasecmp(word, "pair") == 0)
		print_pair(more);
	else
		printf("?%s\n", word);
}

void systick_handler(void);

/* A sample a second, as the core's clock has it. */
void
systick_handler(void)
{
	static unsigned ticks;

	if (++ticks % 1000 == 0)
		count = 0;
}

int
main(void)
{
	char line[LINE];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (setjmp(give_up) != 0)
			continue;
		if (strchr(line, '=') != NULL)
			assign(line);
		else
			obey(line);
	}
	return 0;
}
