/* SPDX-License-Identifier: MIT */
/*
 * format.h - functions whose arguments the compiler compares with their format, as printf()'s.
 */
#ifndef TRANSPORT_BASE_FORMAT_H
#define TRANSPORT_BASE_FORMAT_H

/* By "printf" mingw-w64 means that of Windows' own library, which has no %zu. */
#if defined(__MINGW32__)
#define FORMAT_PRINTF(fmt, args) __attribute__((format(gnu_printf, fmt, args)))
#elif defined(__GNUC__)
#define FORMAT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define FORMAT_PRINTF(fmt, args)
#endif

#endif /* TRANSPORT_BASE_FORMAT_H */
