/* SPDX-License-Identifier: MIT */
/*
 * zephyr.c - a small kernel written here that publishes its data as Zephyr does with
 * CONFIG_DEBUG_THREAD_INFO (subsys/debug/thread_info.c, version 1): _kernel, and a table of the
 * offsets in it and in a thread, from which debuggers find their way; the older names of the
 * table are there too. What is where between those members is about as in Zephyr's
 * include/zephyr/kernel_structs.h. A thread's registers R4-R11 and PSP, and S16-S31 of one that uses the FPU,
 * lie in the thread itself (arch/arm/core/cortex_m/swap_helper.S), the others in the core's own
 * frame on its stack.
 *
 * The tasks of tasks.h on PSP, and "idle".
 */
#include <stddef.h>
#include <stdint.h>

#include "test/firmware/live/kernel.h"
#include "test/firmware/live/tasks.h"

enum {
	STACK_WORDS = 192,
	THREADS = 4,
	NAME_LEN = 32,
	CALLEE_SAVED = 8,
	FLOATS = 16,
	OFFSETS = 13
};

/* Of thread_state: include/zephyr/kernel_structs.h. */
enum { THREAD_SLEEPING = 1 << 2, THREAD_QUEUED = 1 << 7 };

struct thread {
	struct {
		void *next, *previous; /* in the queue of those that are ready */
		void *pended_on;
		uint8_t user_options, thread_state;
		int8_t prio;
		uint8_t sched_locked;
		uint32_t ticks;
	} base;
	struct {
		uint32_t v[CALLEE_SAVED];
		uint32_t *psp;
	} callee_saved;
	void *init_data;
	struct {
		void (*entry)(void);
		void *parameters[3];
	} entry;
	struct thread *next_thread;
	char name[NAME_LEN];
	struct {
		uint32_t *start;
		uint32_t size, delta;
	} stack_info;
	struct {
		uint32_t basepri, swap_return_value;
		uint32_t preempt_float[FLOATS];
		uint32_t exc_return;
	} arch;
};

/* What the switch below counts on. */
#define CALLEE_SAVED_AT  "20"
#define EXC_RETURN_AT    "196"
#define PREEMPT_FLOAT_AT "132"
_Static_assert(offsetof(struct thread, callee_saved) == 20, CALLEE_SAVED_AT);
_Static_assert(offsetof(struct thread, arch.exc_return) == 196, EXC_RETURN_AT);
_Static_assert(offsetof(struct thread, arch.preempt_float) == 132, PREEMPT_FLOAT_AT);

struct cpu {
	uint32_t nested;
	char *irq_stack;
	struct thread *volatile current;
	struct thread *idle_thread;
	uint32_t slice_ticks;
};
struct kernel {
	struct cpu cpus[1];
	void *ready_q[2];
	struct thread *threads;
};
_Static_assert(offsetof(struct cpu, current) == 8, "where the switch looks for it");

struct kernel _kernel;

#define UNIMPLEMENTED UINT32_C(0xffffffff)

/* In the order of that table of Zephyr; a member of a member counts from the inner one. */
#define IN_BASE(member) \
	(offsetof(struct thread, base.member) - offsetof(struct thread, base))
#define IN_ARCH(member) \
	(offsetof(struct thread, arch.member) - offsetof(struct thread, arch))
const size_t _kernel_thread_info_offsets[OFFSETS] = {
	1, /* version */
	offsetof(struct cpu, current),
	offsetof(struct kernel, threads),
	offsetof(struct thread, entry),
	offsetof(struct thread, next_thread),
	IN_BASE(thread_state),
	IN_BASE(user_options),
	IN_BASE(prio),
	offsetof(struct thread, callee_saved.psp),
	offsetof(struct thread, name),
	offsetof(struct thread, arch),
	IN_ARCH(preempt_float),
	UNIMPLEMENTED, /* coop_float */
};
const size_t _kernel_thread_info_num_offsets = OFFSETS;
const uint8_t _kernel_thread_info_size_t_size = sizeof(size_t);
extern const size_t _kernel_openocd_offsets[OFFSETS]
	__attribute__((alias("_kernel_thread_info_offsets")));
extern const size_t _kernel_openocd_num_offsets
	__attribute__((alias("_kernel_thread_info_num_offsets")));
extern const uint8_t _kernel_openocd_size_t_size
	__attribute__((alias("_kernel_thread_info_size_t_size")));

static struct thread threads[THREADS];
static uint32_t stacks[THREADS][STACK_WORDS] __attribute__((aligned(8)));

int main(void);
void svc_handler(void);
void pendsv_handler(void);
void systick_handler(void);
void switch_thread(void);

static struct thread *
after(struct thread *thread)
{
	return thread && thread->next_thread ? thread->next_thread : _kernel.threads;
}

/* The most urgent that is ready; of several the next one after the current one. */
void
switch_thread(void)
{
	struct thread *best = NULL, *thread = _kernel.cpus[0].current;
	for (int i = 0; i < THREADS; i++) {
		thread = after(thread);
		if (thread->base.thread_state == THREAD_QUEUED &&
		    (!best || thread->base.prio < best->base.prio)) {
			best = thread;
		}
	}
	_kernel.cpus[0].current = best;
}

/* B1.5.7: touching S16 makes the core save S0-S15 first, when that was put off. */
__attribute__((naked)) void
pendsv_handler(void)
{
	__asm__ volatile("ldr r1, =_kernel\n"
			 "ldr r2, [r1, #8]\n"
			 "add r0, r2, #" CALLEE_SAVED_AT "\n"
			 "mrs r12, psp\n"
			 "stmia r0!, {r4-r12}\n"
			 "add r0, r2, #" PREEMPT_FLOAT_AT "\n"
			 "tst lr, #0x10\n"
			 "it eq\n"
			 "vstmiaeq r0!, {s16-s31}\n"
			 "str lr, [r2, #" EXC_RETURN_AT "]\n"
			 "push {r1, lr}\n"
			 "bl switch_thread\n"
			 "pop {r1, lr}\n"
			 "b restore_thread\n"
			 ".ltorg\n"
			 "restore_thread:\n"
			 "ldr r2, [r1, #8]\n"
			 "ldr lr, [r2, #" EXC_RETURN_AT "]\n"
			 "add r0, r2, #" PREEMPT_FLOAT_AT "\n"
			 "tst lr, #0x10\n"
			 "it eq\n"
			 "vldmiaeq r0!, {s16-s31}\n"
			 "add r0, r2, #" CALLEE_SAVED_AT "\n"
			 "ldmia r0!, {r4-r12}\n"
			 "msr psp, r12\n"
			 "bx lr\n");
}

/* The first thread: nothing to be saved. */
__attribute__((naked)) void
svc_handler(void)
{
	__asm__ volatile("ldr r1, =_kernel\n"
			 "b restore_thread\n"
			 ".ltorg\n");
}

void
systick_handler(void)
{
	for (struct thread *thread = _kernel.threads; thread;
	     thread = thread->next_thread) {
		if (thread->base.thread_state == THREAD_SLEEPING &&
		    --thread->base.ticks == 0) {
			thread->base.thread_state = THREAD_QUEUED;
		}
	}
	ICSR = ICSR_PENDSVSET;
}

void
delay(uint32_t ticks)
{
	struct thread *thread = _kernel.cpus[0].current;
	kernel_lock();
	thread->base.ticks = ticks;
	thread->base.thread_state = THREAD_SLEEPING;
	ICSR = ICSR_PENDSVSET;
	kernel_unlock();
}

/* The newest comes first in the list. */
static void
thread_make(struct thread *thread, const char *name, void (*run)(void), int8_t prio)
{
	uint32_t *stack = stacks[thread - threads];
	thread->callee_saved.psp = kernel_frame(stack + STACK_WORDS, run);
	thread->stack_info.start = stack;
	thread->stack_info.size = STACK_WORDS * sizeof(*stack);
	thread->arch.exc_return = EXC_RETURN_PSP;
	thread->entry.entry = run;
	thread->base.prio = prio;
	thread->base.thread_state = THREAD_QUEUED;
	for (int i = 0; name[i]; i++) {
		thread->name[i] = name[i];
	}
	thread->next_thread = _kernel.threads;
	_kernel.threads = thread;
}

int
main(void)
{
	thread_make(&threads[0], "idle", idle_task, 15);
	thread_make(&threads[1], "sine", sine_task, 7);
	thread_make(&threads[2], "mean", mean_task, 7);
	thread_make(&threads[3], "blink", blink_task, 3);
	_kernel.cpus[0].idle_thread = &threads[0];
	switch_thread();
	kernel_start();
	return 0;
}
