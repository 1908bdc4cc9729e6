@ SPDX-License-Identifier: MIT
@ Snippets for core_*_test.c. A test lets the debugger put PC on a label and runs.
	.syntax unified
	.thumb
	.cpu	cortex-m4
	.fpu	fpv4-sp-d16

	.equ	DEVICE, 0x40000000
	.equ	NOTHING, 0x60000000
	.equ	COUNTER, 0x20000000	@ ticks of SysTick
	.equ	LOG, 0x20000100		@ how many, then the numbers the handlers logged
	.equ	CFSR, 0xe000ed28
	.equ	ICSR, 0xe000ed04
	.equ	AIRCR, 0xe000ed0c
	.equ	ISPR0, 0xe000e200
	.equ	CPACR, 0xe000ed88

	.macro	entry name
	.thumb_func
	.global	\name
\name:
	.endm

	.text
	.global	vectors
vectors:
	.word	0x20008000, idle, fault, fault, fault, fault, fault
	.word	0, 0, 0, 0, on_svc, fault, 0, on_pendsv, on_systick
	.word	on_irq0, on_irq1, on_irq2, on_irq3
	.align	7
	.global	bad_vectors
bad_vectors:			@ a HardFault handler that faults itself
	.word	0x20008000, idle, fault, faulty_handler

@ ---- handlers ----
	entry	fault
	mrs	r0, ipsr
	ldr	r1, =CFSR
	ldr	r1, [r1]
	entry	fault_end
	bkpt	1
	entry	faulty_handler
	udf	#0
	entry	on_svc
	adds	r4, #1
	bx	lr
	entry	on_pendsv
	movs	r0, #14
	b	log
	entry	on_systick
	ldr	r0, =COUNTER
	ldr	r1, [r0]
	adds	r1, #1
	str	r1, [r0]
	bx	lr
	entry	on_irq0		@ pends PendSV and IRQ1
	push	{r4, lr}
	movs	r0, #16
	bl	log
	ldr	r0, =ICSR
	movs	r1, #1
	lsls	r1, #28
	str	r1, [r0]
	ldr	r0, =ISPR0
	movs	r1, #2
	str	r1, [r0]
	dsb
	movs	r0, #160
	bl	log
	pop	{r4, pc}
	entry	on_irq1
	movs	r0, #17
	b	log
	entry	on_irq2		@ uses the FPU
	nop
	entry	irq2_fp
	vmov.f32 s0, #1.0
	entry	irq2_end
	bx	lr
	entry	on_irq3
	nop
	bx	lr
log:
	ldr	r1, =LOG
	ldr	r2, [r1]
	adds	r2, #1
	str	r2, [r1]
	str	r0, [r1, r2, lsl #2]
	bx	lr

@ ---- snippets ----
	entry	idle
	b	idle
	entry	count
	adds	r0, #1
	entry	count_second
	adds	r1, #1
	entry	count_third
	adds	r2, #1
	b	count

	entry	it_mix
	movs	r0, #0
	movs	r1, #0
	movs	r2, #0
	cmp	r0, #0
	ite	ne
	addne	r1, #1
	entry	it_mix_inside
	addeq	r1, #2
	cmp	r1, #2
	ittte	eq
	moveq	r2, #1
	addeq.w	r2, r2, #0x100
	addeq	r2, #1
	movne	r2, #99
	entry	it_mix_end
	bkpt	2

	entry	it_fault	@ the third of four in a block reads where nothing is
	ldr	r5, =NOTHING
	movs	r6, #0
	cmp	r6, #0
	itete	eq
	moveq	r6, #1
	movne	r6, #9
	entry	it_fault_at
	ldreq	r7, [r5]
	movne	r6, #8
	bkpt	2

	entry	it_fault_first	@ after a load that fails the rest is not executed
	ldr	r5, =NOTHING
	movs	r6, #0
	cmp	r6, #0
	itt	eq
	entry	it_fault_first_at
	ldreq	r7, [r5]
	addeq	r6, #1
	bkpt	2

	entry	it_svc
	movs	r4, #0
	movs	r6, #0
	cmp	r6, #0
	itt	eq
	svceq	3
	addeq	r6, #1
	entry	it_svc_end
	bkpt	2

	entry	stores
	ldr	r0, =0x20000200
	movs	r1, #0
	entry	stores_loop
	str	r1, [r0]
	entry	stores_after
	adds	r1, #1
	ldr	r2, [r0]
	entry	stores_loaded
	strb	r1, [r0, #7]
	entry	stores_byte_after
	cmp	r1, #100
	bne	stores_loop
	entry	stores_end
	bkpt	2

	entry	bus_read
	ldr	r5, =NOTHING + 8
	movs	r6, #7
	entry	bus_read_at
	ldr	r6, [r5], #4
	nop
	bkpt	2
	entry	bus_write
	ldr	r5, =NOTHING + 8
	entry	bus_write_at
	str	r5, [r5]
	entry	bus_write_after
	nop
	bkpt	2
	entry	undefined
	udf	#7
	entry	even_target
	ldr	r0, =count
	bic	r0, #1
	bx	r0
	entry	peripheral_code
	ldr	r0, =DEVICE + 1
	bx	r0
	entry	divide
	movs	r0, #5
	movs	r1, #0
	cmp	r1, #0
	it	eq
	entry	divide_at
	udiveq	r2, r0, r1
	bkpt	2
	entry	fp_use
	nop
	entry	fp_use_at
	vmov.f32 s1, #2.0
	bkpt	2
	entry	fp_in_it
	movs	r0, #0
	cmp	r0, #1
	ite	eq
	vmoveq.f32 s1, #2.0	@ not executed
	movne	r0, #3
	entry	fp_in_it_end
	bkpt	2
	entry	fp_context
	vmov.f32 s0, #3.0
	vmov.f32 s15, #0.5
	vmov.f32 s16, #4.0
	entry	fp_context_loop
	b	fp_context_loop

	entry	masked		@ an interrupt that is let in by CPSIE only
	cpsid	i
	ldr	r0, =ISPR0
	movs	r1, #2
	str	r1, [r0]
	dsb
	ldr	r3, =LOG
	ldr	r4, [r3]
	cpsie	i
	entry	masked_open
	ldr	r5, [r3]
	bkpt	2

	entry	unprivileged
	ldr	r0, =0x20006000
	msr	psp, r0
	movs	r0, #3
	msr	control, r0
	isb
	movs	r4, #0
	svc	1
	mrs	r5, control
	mov	r6, sp
	entry	unprivileged_end
	bkpt	2
	entry	unprivileged_scs
	ldr	r0, =CFSR
	ldr	r0, [r0]
	bkpt	2

	entry	wait_interrupt
	wfi
	entry	wait_interrupt_after
	adds	r0, #1
	bkpt	2
	entry	wait_event
	sev
	wfe			@ consumes the event
	wfe
	entry	wait_event_after
	bkpt	2

	entry	flash_store
	ldr	r0, =0x08001000
	ldr	r1, =0x11223344
	ldr	r2, =0x55667788
	strd	r1, r2, [r0]
	ldr	r3, [r0]
	bkpt	2

	entry	double_store
	ldr	r0, =0x08001000
	ldr	r1, =0x11223344
	ldr	r2, =0x55667788
	vmov	d0, r1, r2
	vstr	d0, [r0]
	ldr	r0, =DEVICE
	vstr	d0, [r0, #8]
	vldr	d1, [r0, #8]
	vmov	r3, r4, d1
	bkpt	2

	entry	trace
	ldr	r0, =0xe0000000
	movs	r1, #0x41
	strb	r1, [r0]
	ldr	r1, =0x4342
	strh	r1, [r0, #4]
	ldr	r1, =0x47464544
	str	r1, [r0]
	bkpt	2

	entry	system_reset
	ldr	r0, =AIRCR
	ldr	r1, =0x05fa0004
	str	r1, [r0]
	b	.

	entry	breakpoint
	nop
	entry	breakpoint_at
	bkpt	0xab
	entry	breakpoint_after
	nop
	bkpt	2
	.ltorg
