/* SPDX-License-Identifier: MIT */
/*
 * filler.S - FILLER_WORDS pseudo-random words (a linear congruential generator), which make
 * the demo an image of any size that no erased or repeated flash can be mistaken for.
 */
	.section .filler, "a"
	.set	word, 1
	.rept	FILLER_WORDS
	.set	word, (word * 1664525 + 1013904223) & 0xffffffff
	.word	word
	.endr
