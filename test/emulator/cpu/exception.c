/* SPDX-License-Identifier: MIT */
/* Exception entry and return: DDI 0403E B1.5.6 to B1.5.8; faults and lockup: B1.5.14, 15.
 */
#include "test/emulator/cpu/cpu_internal.h"

enum {
	FRAME_R12 = 16,
	FRAME_LR = 20,
	FRAME_PC = 24,
	FRAME_XPSR = 28,
	FRAME_FP = 32, /* S0 to S15, FPSCR, a reserved word */
	FRAME_FPSCR = 96,
	FRAME_BASIC_SIZE = 0x20,
	FRAME_FP_SIZE = 0x68
};

/* EXC_RETURN: B1.5.8; v8-M in Non-secure state, DCRS set: DDI 0553 B3.18. */
#define EXC_RETURN_V7M    0xffffffe1u
#define EXC_RETURN_V8M    0xffffffa0u
#define EXC_RETURN_NO_FP  (1u << 4)
#define EXC_RETURN_THREAD (1u << 3)
#define EXC_RETURN_PSP    (1u << 2)

/* Which DEMCR bit catches which fault (C1.6.5). */
#define UFSR_CHECKS (0xff000000u)

static bool
has_fp(const struct cpu *cpu)
{
	return cpu->model.fpu != CPU_FPU_NONE;
}

void
exception_lockup(struct cpu *cpu)
{
	cpu->locked_up = true;
	cpu->not_thumb = false;
	engine_set(cpu, UC_ARM_REG_PC, register_lockup_pc(cpu) | 1);
}

static bool
store_fp(struct cpu *cpu, uint32_t frame)
{
	bool ok = true;

	for (int i = 0; i < 16; i++)
		ok &= memory_store(cpu, frame + FRAME_FP + 4 * (uint32_t)i, 4,
				   engine_get(cpu, UC_ARM_REG_S0 + i));
	return ok &
	       memory_store(cpu, frame + FRAME_FPSCR, 4, engine_get(cpu, UC_ARM_REG_FPSCR));
}

static bool
load_fp(struct cpu *cpu, uint32_t frame)
{
	uint32_t value;
	bool ok = true;

	for (int i = 0; i < 16; i++) {
		ok &= memory_load(cpu, frame + FRAME_FP + 4 * (uint32_t)i, 4, &value);
		engine_set(cpu, UC_ARM_REG_S0 + i, value);
	}
	ok &= memory_load(cpu, frame + FRAME_FPSCR, 4, &value);
	engine_set(cpu, UC_ARM_REG_FPSCR, value);
	return ok;
}

void
exception_save_lazy_fp(struct cpu *cpu)
{
	cpu->scs.fpccr &= ~FPCCR_LSPACT;
	cpu->watch &= ~(unsigned)WATCH_FP_LAZY;
	if (!store_fp(cpu, cpu->scs.fpcar - FRAME_FP)) {
		cpu->scs.cfsr |= CFSR_LSPERR;
		cpu->write_failed = true;
	}
}

static bool
push_fp(struct cpu *cpu, uint32_t frame)
{
	if (!(cpu->scs.fpccr & FPCCR_LSPEN))
		return store_fp(cpu, frame);
	cpu->scs.fpcar = frame + FRAME_FP;
	cpu->scs.fpccr |= FPCCR_LSPACT;
	return true;
}

static uint32_t
exc_return_value(struct cpu *cpu, bool fp, bool from_thread, bool on_psp)
{
	uint32_t value =
		cpu->model.kind == CPU_CORTEX_M33 ? EXC_RETURN_V8M : EXC_RETURN_V7M;

	return value | (fp ? 0 : EXC_RETURN_NO_FP) | (from_thread ? EXC_RETURN_THREAD : 0) |
	       (from_thread && on_psp ? EXC_RETURN_PSP : 0);
}

/* PushStack(), B1.5.6. Moves SP; false: the stack is not writable memory. */
static bool
push_frame(struct cpu *cpu, uint32_t return_at, uint32_t *exc_return)
{
	uint32_t control = engine_get(cpu, UC_ARM_REG_CONTROL);
	uint32_t xpsr = register_xpsr(cpu);
	uint32_t sp = engine_get(cpu, UC_ARM_REG_SP), frame;
	bool fp = has_fp(cpu) && control & CONTROL_FPCA && cpu->scs.fpccr & FPCCR_ASPEN;
	bool aligns = fp || cpu->scs.ccr & CCR_STKALIGN, ok = true;

	frame = sp - (fp ? FRAME_FP_SIZE : FRAME_BASIC_SIZE);
	xpsr &= ~(XPSR_STKALIGNED | (cpu->not_thumb ? XPSR_T : 0));
	if (aligns && frame & 4) {
		frame &= ~4u;
		xpsr |= XPSR_STKALIGNED;
	}
	for (int i = 0; i < 4; i++)
		ok &= memory_store(cpu, frame + 4 * (uint32_t)i, 4,
				   engine_get(cpu, UC_ARM_REG_R0 + i));
	ok &= memory_store(cpu, frame + FRAME_R12, 4, engine_get(cpu, UC_ARM_REG_R12));
	ok &= memory_store(cpu, frame + FRAME_LR, 4, engine_get(cpu, UC_ARM_REG_LR));
	ok &= memory_store(cpu, frame + FRAME_PC, 4, return_at);
	ok &= memory_store(cpu, frame + FRAME_XPSR, 4, xpsr);
	if (fp)
		ok &= push_fp(cpu, frame);
	*exc_return = exc_return_value(cpu, fp, !(xpsr & XPSR_EXCEPTION),
				       control & CONTROL_SPSEL);
	engine_set(cpu, UC_ARM_REG_SP, frame); /* the bank of the mode we leave */
	return ok;
}

static uint32_t
catch_bits(struct cpu *cpu, int exception)
{
	uint32_t cfsr = cpu->scs.cfsr, bits = 0;

	if (exception == EXC_HARDFAULT)
		return DEMCR_VC_HARDERR;
	if (exception == EXC_MEMMANAGE)
		return DEMCR_VC_MMERR;
	if (exception == EXC_BUSFAULT)
		return DEMCR_VC_BUSERR;
	if (exception != EXC_USAGEFAULT)
		return 0;
	if (cfsr & CFSR_NOCP)
		bits |= DEMCR_VC_NOCPERR;
	if (cfsr & (CFSR_UNDEFINSTR | CFSR_INVSTATE | CFSR_INVPC))
		bits |= DEMCR_VC_STATERR;
	if (cfsr & UFSR_CHECKS)
		bits |= DEMCR_VC_CHKERR;
	return bits;
}

/* The vector table has no handler: HardFault, or the end (B1.5.15). */
static uint32_t
vector_of(struct cpu *cpu, int *exception)
{
	uint32_t vector;

	if (memory_load(cpu, cpu->scs.vtor + 4 * (uint32_t)*exception, 4, &vector))
		return vector;
	cpu->scs.hfsr |= HFSR_VECTTBL;
	if (*exception != EXC_HARDFAULT && *exception != EXC_NMI) {
		*exception = EXC_HARDFAULT;
		if (memory_load(cpu, cpu->scs.vtor + 4 * EXC_HARDFAULT, 4, &vector))
			return vector;
	}
	return LOCKUP_PC;
}

/*
 * Handler mode runs on MSP, with SPSEL and FPCA 0. Unicorn changes SPSEL only in
 * privileged thread mode, and nPRIV, in unprivileged code, only in handler mode.
 */
static void
enter_handler_mode(struct cpu *cpu, uint32_t xpsr)
{
	uint32_t control = engine_get(cpu, UC_ARM_REG_CONTROL);

	if (control & CONTROL_SPSEL && !(register_xpsr(cpu) & XPSR_EXCEPTION)) {
		register_set_xpsr(cpu, xpsr);
		engine_set(cpu, UC_ARM_REG_CONTROL, control & ~CONTROL_NPRIV);
		register_set_xpsr(cpu, xpsr & ~XPSR_EXCEPTION);
		engine_set(cpu, UC_ARM_REG_CONTROL, 0);
	}
	register_set_xpsr(cpu, xpsr);
	engine_set(cpu, UC_ARM_REG_CONTROL, control & CONTROL_NPRIV);
}

static void
trace(struct cpu *cpu, int exception, enum exception_step what)
{
	if (dwt_traces_exceptions(cpu))
		itm_exception(cpu, exception, what);
}

/* ExceptionTaken(), B1.5.6: from the frame that is on the stack into the handler. */
static void
take(struct cpu *cpu, int exception, uint32_t exc_return)
{
	uint32_t vector = vector_of(cpu, &exception);
	uint32_t xpsr = register_xpsr(cpu) & ~(XPSR_EXCEPTION | XPSR_IT);

	enter_handler_mode(cpu, xpsr | (uint32_t)exception);
	engine_set(cpu, UC_ARM_REG_LR, exc_return);
	engine_set(cpu, UC_ARM_REG_PC, vector | 1);
	nvic_activate(cpu, exception);
	trace(cpu, exception, EXCEPTION_ENTERED);
	cpu->not_thumb = !(vector & 1);
	cpu->sleeping = false;
	cpu->event_register = true;
	if ((vector | 1) == (LOCKUP_PC | 1))
		exception_lockup(cpu);
	debug_vector_catch(cpu, catch_bits(cpu, exception));
}

/* The handler a fault gets: its own, or HardFault (B1.5.1, "escalation"). */
static int
escalate(struct cpu *cpu, int exception)
{
	if (exception == EXC_HARDFAULT)
		return exception;
	if (nvic_is_enabled(cpu, exception) &&
	    nvic_priority(cpu, exception) < nvic_execution_priority(cpu, MASK_ALL))
		return exception;
	cpu->scs.hfsr |= HFSR_FORCED;
	return EXC_HARDFAULT;
}

static bool
cannot_fault(struct cpu *cpu)
{
	return nvic_execution_priority(cpu, MASK_ALL) <= -1;
}

void
exception_enter(struct cpu *cpu, int exception, uint32_t return_at)
{
	uint32_t exc_return;

	if (!push_frame(cpu, return_at, &exc_return)) {
		cpu->scs.cfsr |= CFSR_STKERR;
		debug_vector_catch(cpu, DEMCR_VC_INTERR);
		if (exception == EXC_HARDFAULT || exception == EXC_NMI) {
			exception_lockup(cpu);
			return;
		}
		nvic_pend(cpu, exception, true); /* it is still to come */
		exception = escalate(cpu, EXC_BUSFAULT);
	}
	take(cpu, exception, exc_return);
}

/* Faults of an instruction inside an IT block: its ITSTATE is known here alone. */
void
exception_restore_it(struct cpu *cpu, uint32_t at)
{
	uint8_t state = it_state_at(cpu, at);
	uint32_t xpsr = register_xpsr(cpu);

	if (cpu->it.size)
		engine_set(cpu, UC_ARM_REG_XPSR_NZCVQG, it_into_xpsr(xpsr, state));
}

void
exception_fault(struct cpu *cpu, int exception, uint32_t cfsr, uint32_t return_at)
{
	if (!is_v6m(cpu))
		cpu->scs.cfsr |= cfsr;
	if (cannot_fault(cpu)) {
		exception_lockup(cpu);
		return;
	}
	exception_restore_it(cpu, return_at);
	exception_enter(cpu, escalate(cpu, exception), return_at);
}

void
exception_supervisor_call(struct cpu *cpu, uint32_t return_at)
{
	exception_restore_it(cpu, return_at);
	if (nvic_priority(cpu, EXC_SVCALL) < nvic_execution_priority(cpu, MASK_ALL)) {
		exception_enter(cpu, EXC_SVCALL, return_at);
		return;
	}
	cpu->scs.hfsr |= HFSR_FORCED;
	if (cannot_fault(cpu))
		exception_lockup(cpu);
	else
		exception_enter(cpu, EXC_HARDFAULT, return_at);
}

/* C1.4.1: with halting debug off, the monitor's exception, else a HardFault. */
void
exception_breakpoint(struct cpu *cpu, uint32_t return_at)
{
	bool monitored = cpu->debug.demcr & DEMCR_MON_EN &&
			 nvic_priority(cpu, EXC_DEBUGMONITOR) <
				 nvic_execution_priority(cpu, MASK_ALL);

	if (monitored) {
		cpu->debug.dfsr |= DFSR_BKPT;
		exception_restore_it(cpu, return_at);
		exception_enter(cpu, EXC_DEBUGMONITOR, return_at);
		return;
	}
	cpu->scs.hfsr |= HFSR_DEBUGEVT;
	exception_fault(cpu, EXC_HARDFAULT, 0, return_at);
}

/* ---- return ---- */

/* A return that fails leaves its frame where it is; the fault is taken on top of it. */
static void
fail_return(struct cpu *cpu, int exception, uint32_t cfsr, uint32_t exc_return)
{
	cpu->scs.cfsr |= cfsr;
	debug_vector_catch(cpu, DEMCR_VC_INTERR);
	if (cannot_fault(cpu))
		exception_lockup(cpu);
	else
		take(cpu, escalate(cpu, exception), exc_return);
}

/* The integrity checks of ExceptionReturn(), B1.5.8. */
static bool
is_consistent(struct cpu *cpu, int returning, uint32_t exc_return)
{
	bool to_thread = exc_return & EXC_RETURN_THREAD;
	unsigned active = nvic_active_count(cpu);

	if (!nvic_is_active(cpu, returning))
		return false;
	if (!to_thread && exc_return & EXC_RETURN_PSP)
		return false;
	if (to_thread)
		return active == 1 || cpu->scs.ccr & CCR_NONBASETHRDENA;
	return active > 1;
}

/* Thread mode again: SPSEL and nPRIV only take effect in this order. */
static void
leave_handler_mode(struct cpu *cpu, uint32_t control, bool on_psp)
{
	engine_set(cpu, UC_ARM_REG_CONTROL,
		   engine_get(cpu, UC_ARM_REG_CONTROL) & ~CONTROL_NPRIV);
	register_set_xpsr(cpu, register_xpsr(cpu) & ~XPSR_EXCEPTION);
	engine_set(cpu, UC_ARM_REG_CONTROL,
		   (control & (CONTROL_NPRIV | CONTROL_FPCA)) |
			   (on_psp ? CONTROL_SPSEL : 0));
}

struct frame {
	uint32_t at, word[8];
	bool fp;
};

/* PopStack(), B1.5.8. */
static bool
read_frame(struct cpu *cpu, struct frame *frame)
{
	bool ok = true;

	for (uint32_t i = 0; i < 8; i++)
		ok &= memory_load(cpu, frame->at + 4 * i, 4, &frame->word[i]);
	if (!frame->fp)
		return ok;
	if (!(cpu->scs.fpccr & FPCCR_LSPACT))
		return ok & load_fp(cpu, frame->at);
	cpu->scs.fpccr &= ~FPCCR_LSPACT; /* the registers still hold what they held */
	return ok;
}

static void
restore_frame(struct cpu *cpu, const struct frame *frame, bool to_thread)
{
	uint32_t xpsr = frame->word[FRAME_XPSR / 4];

	for (int i = 0; i < 4; i++)
		engine_set(cpu, UC_ARM_REG_R0 + i, frame->word[i]);
	engine_set(cpu, UC_ARM_REG_R12, frame->word[FRAME_R12 / 4]);
	engine_set(cpu, UC_ARM_REG_LR, frame->word[FRAME_LR / 4]);
	if (to_thread)
		xpsr &= ~XPSR_EXCEPTION;
	cpu->not_thumb = !(xpsr & XPSR_T);
	register_set_xpsr(cpu, xpsr & ~XPSR_STKALIGNED);
	engine_set(cpu, UC_ARM_REG_PC, frame->word[FRAME_PC / 4] | 1);
}

static void
unstack(struct cpu *cpu, struct frame *frame, uint32_t exc_return)
{
	bool to_thread = exc_return & EXC_RETURN_THREAD;
	bool on_psp = to_thread && exc_return & EXC_RETURN_PSP;
	uint32_t control = engine_get(cpu, UC_ARM_REG_CONTROL) & ~CONTROL_FPCA;
	uint32_t size = frame->fp ? FRAME_FP_SIZE : FRAME_BASIC_SIZE;
	uint32_t sp = frame->at + size;

	if (frame->word[FRAME_XPSR / 4] & XPSR_STKALIGNED)
		sp |= 4;
	if (frame->fp)
		control |= CONTROL_FPCA;
	engine_set(cpu, UC_ARM_REG_CONTROL, control);
	engine_set(cpu, on_psp ? UC_ARM_REG_PSP : UC_ARM_REG_MSP, sp);
	if (to_thread)
		leave_handler_mode(cpu, control, on_psp);
	restore_frame(cpu, frame, to_thread);
}

static void
sleep_on_exit(struct cpu *cpu, bool to_thread)
{
	if (!to_thread || !(cpu->scs.scr & SCR_SLEEPONEXIT))
		return;
	cpu->sleeping = true;
	cpu->deep = cpu->scs.scr & SCR_SLEEPDEEP;
}

/* Another exception follows at once: tail-chaining (B1.5.8) goes nowhere in between. */
static bool
chains(struct cpu *cpu)
{
	int best = nvic_best(cpu);

	return best && nvic_priority(cpu, best) < nvic_execution_priority(cpu, MASK_ALL);
}

void
exception_return(struct cpu *cpu, uint32_t exc_return)
{
	int returning = (int)(register_xpsr(cpu) & XPSR_EXCEPTION);
	bool to_thread = exc_return & EXC_RETURN_THREAD;
	struct frame frame = { .fp = has_fp(cpu) && !(exc_return & EXC_RETURN_NO_FP) };

	if (returning == EXC_NONE) { /* code jumped there by itself */
		exception_fault(cpu, EXC_MEMMANAGE, CFSR_IACCVIOL, exc_return & ~1u);
		return;
	}
	if (!is_consistent(cpu, returning, exc_return)) {
		nvic_deactivate(cpu, returning);
		fail_return(cpu, EXC_USAGEFAULT, CFSR_INVPC, exc_return);
		return;
	}
	nvic_deactivate(cpu, returning);
	trace(cpu, returning, EXCEPTION_LEFT);
	if (returning != EXC_NMI)
		engine_set(cpu, UC_ARM_REG_FAULTMASK, 0);
	frame.at = engine_get(cpu, exc_return & EXC_RETURN_PSP ? UC_ARM_REG_PSP
							       : UC_ARM_REG_MSP);
	if (!read_frame(cpu, &frame)) {
		fail_return(cpu, EXC_BUSFAULT, CFSR_UNSTKERR, exc_return);
		return;
	}
	if (to_thread != !(frame.word[FRAME_XPSR / 4] & XPSR_EXCEPTION)) {
		fail_return(cpu, EXC_USAGEFAULT, CFSR_INVPC, exc_return);
		return;
	}
	unstack(cpu, &frame, exc_return);
	if (!chains(cpu))
		trace(cpu, (int)(register_xpsr(cpu) & XPSR_EXCEPTION), EXCEPTION_BACK);
	cpu->event_register = true;
	sleep_on_exit(cpu, to_thread);
}
