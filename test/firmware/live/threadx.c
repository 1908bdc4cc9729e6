/* SPDX-License-Identifier: MIT */
/*
 * threadx.c - a small kernel written here, whose data lies where ThreadX 6 has it: the thread's
 * control block (common/inc/tx_api.h, TX_THREAD without extensions; OpenOCD src/rtos/ThreadX.c
 * has the offsets 8, 40, 48 and 136), the circular list of all threads and its names, and the
 * registers on a thread's stack as the port for the Cortex-M4 leaves them
 * (ports/cortex_m4/gnu, tx_thread_schedule.S): from the lowest address EXC_RETURN, R4-R11,
 * S16-S31 of a thread that uses the FPU, then the core's own frame. OpenOCD 0.12 looks for R4 at
 * the lowest address, as versions before 6 had it.
 *
 * The tasks of tasks.h on PSP, and "System Timer Thread", which ThreadX always has and which
 * here stays suspended.
 */
#include <stddef.h>
#include <stdint.h>

#include "test/firmware/live/kernel.h"
#include "test/firmware/live/tasks.h"

enum { STACK_WORDS = 192, THREADS = 4 };
#define TX_THREAD_ID UINT32_C(0x54485244) /* "THRD" */

/* Of tx_thread_state in tx_api.h. */
enum { TX_READY = 0, TX_SUSPENDED = 3, TX_SLEEP = 4 };

struct timer {
	uint32_t remaining_ticks, re_initialize_ticks;
	void (*timeout_function)(uint32_t);
	uint32_t timeout_param;
	struct timer *active_next, *active_previous, **list_head;
};
struct thread {
	uint32_t id, run_count;
	uint32_t *stack_ptr;
	void *stack_start, *stack_end;
	uint32_t stack_size, time_slice, new_time_slice;
	struct thread *ready_next, *ready_previous;
	const char *name;
	uint32_t priority, state, delayed_suspend, suspending, preempt_threshold;
	void (*schedule_hook)(struct thread *, uint32_t);
	void (*entry)(void);
	uint32_t entry_parameter;
	struct timer timer;
	void (*suspend_cleanup)(struct thread *);
	void *suspend_control_block;
	struct thread *suspended_next, *suspended_previous;
	uint32_t suspend_info;
	void *additional_suspend_info;
	uint32_t suspend_option, suspend_status;
	struct thread *created_next, *created_previous;
};
_Static_assert(offsetof(struct thread, stack_ptr) == 8, "thread_stack_offset of OpenOCD");
_Static_assert(offsetof(struct thread, name) == 40, "thread_name_offset");
_Static_assert(offsetof(struct thread, state) == 48, "thread_state_offset");
_Static_assert(offsetof(struct thread, created_next) == 136, "thread_next_offset");

struct thread *volatile _tx_thread_current_ptr, *volatile _tx_thread_execute_ptr;
struct thread *_tx_thread_created_ptr;
volatile uint32_t _tx_thread_created_count, _tx_timer_system_clock;

static struct thread threads[THREADS];
static uint32_t stacks[THREADS][STACK_WORDS] __attribute__((aligned(8)));

int main(void);
void svc_handler(void);
void pendsv_handler(void);
void systick_handler(void);
void switch_thread(void);

/* The most urgent that is ready; of several the next one after the current one. */
void
switch_thread(void)
{
	struct thread *start =
		_tx_thread_current_ptr ? _tx_thread_current_ptr : _tx_thread_created_ptr;
	struct thread *best = NULL, *thread = start;
	do {
		thread = thread->created_next;
		if (thread->state == TX_READY &&
		    (!best || thread->priority < best->priority)) {
			best = thread;
		}
	} while (thread != start);
	best->run_count++;
	_tx_thread_current_ptr = _tx_thread_execute_ptr = best;
}

/* B1.5.7: touching S16 makes the core save S0-S15 first, when that was put off. */
__attribute__((naked)) void
pendsv_handler(void)
{
	__asm__ volatile("mrs r12, psp\n"
			 "ldr r3, =_tx_thread_current_ptr\n"
			 "ldr r2, [r3]\n"
			 "tst lr, #0x10\n"
			 "it eq\n"
			 "vstmdbeq r12!, {s16-s31}\n"
			 "stmdb r12!, {r4-r11}\n"
			 "str lr, [r12, #-4]!\n"
			 "str r12, [r2, #8]\n"
			 "push {r3, lr}\n"
			 "bl switch_thread\n"
			 "pop {r3, lr}\n"
			 "b restore_thread\n"
			 ".ltorg\n"
			 "restore_thread:\n"
			 "ldr r2, [r3]\n"
			 "ldr r12, [r2, #8]\n"
			 "ldr lr, [r12], #4\n"
			 "ldmia r12!, {r4-r11}\n"
			 "tst lr, #0x10\n"
			 "it eq\n"
			 "vldmiaeq r12!, {s16-s31}\n"
			 "msr psp, r12\n"
			 "bx lr\n");
}

/* The first thread: nothing to be saved. */
__attribute__((naked)) void
svc_handler(void)
{
	__asm__ volatile("ldr r3, =_tx_thread_current_ptr\n"
			 "b restore_thread\n"
			 ".ltorg\n");
}

void
systick_handler(void)
{
	_tx_timer_system_clock++;
	for (int i = 0; i < THREADS; i++) {
		if (threads[i].state == TX_SLEEP &&
		    --threads[i].timer.remaining_ticks == 0) {
			threads[i].state = TX_READY;
		}
	}
	ICSR = ICSR_PENDSVSET;
}

void
delay(uint32_t ticks)
{
	struct thread *thread = _tx_thread_current_ptr;
	kernel_lock();
	thread->timer.remaining_ticks = ticks;
	thread->state = TX_SLEEP;
	ICSR = ICSR_PENDSVSET;
	kernel_unlock();
}

/* At the end of the circle of all threads. */
static void
thread_link(struct thread *thread)
{
	struct thread *first = _tx_thread_created_ptr;
	if (!first) {
		_tx_thread_created_ptr = first = thread->created_previous = thread;
	}
	thread->created_next = first;
	thread->created_previous = first->created_previous;
	first->created_previous->created_next = thread;
	first->created_previous = thread;
	_tx_thread_created_count++;
}

static void
thread_make(struct thread *thread, const char *name, void (*run)(void), uint32_t priority,
	    uint32_t state)
{
	uint32_t *stack = stacks[thread - threads];
	uint32_t *top = kernel_frame(stack + STACK_WORDS, run) - 9;
	top[0] = EXC_RETURN_PSP; /* R4-R11 above it are 0 */
	thread->id = TX_THREAD_ID;
	thread->stack_ptr = top;
	thread->stack_start = stack;
	thread->stack_end = (uint8_t *)(stack + STACK_WORDS) - 1;
	thread->stack_size = STACK_WORDS * sizeof(*stack);
	thread->name = name;
	thread->entry = run;
	thread->priority = thread->preempt_threshold = priority;
	thread->state = state;
	thread_link(thread);
}

int
main(void)
{
	thread_make(&threads[0], "System Timer Thread", idle_task, 0, TX_SUSPENDED);
	thread_make(&threads[1], "blink", blink_task, 1, TX_READY);
	thread_make(&threads[2], "mean", mean_task, 2, TX_READY);
	thread_make(&threads[3], "sine", sine_task, 2, TX_READY);
	switch_thread();
	kernel_start();
	return 0;
}
