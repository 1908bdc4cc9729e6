/* SPDX-License-Identifier: MIT */
/*
 * freertos.c - a small kernel written here, whose data lies where FreeRTOS 10 has it, so that
 * debuggers' plug-ins for it find the tasks: the names of the lists, the order of a list's and
 * a task's members (OpenOCD src/rtos/FreeRTOS.c has the offsets: 16 and 8 in lists, 12 for the
 * owner, 52 for the name), and the registers on a task's stack as its port for the Cortex-M4F
 * leaves them (OpenOCD src/rtos/rtos_standard_stackings.c): R4-R11, EXC_RETURN, S16-S31 of a
 * task that uses the FPU, then the core's own frame.
 *
 * The tasks of tasks.h on PSP, and "IDLE", which runs never.
 */
#include <stddef.h>
#include <stdint.h>

#include "test/firmware/live/kernel.h"
#include "test/firmware/live/tasks.h"

enum { PRIORITIES = 3, STACK_WORDS = 192, NAME_LEN = 16, TASKS = 4 };

struct list;
struct item {
	uint32_t value;
	struct item *next, *previous;
	void *owner;
	struct list *list;
};
struct list {
	uint32_t len;
	struct item *index;
	struct {
		uint32_t value;
		struct item *next, *previous;
	} end;
};
struct task {
	uint32_t *top_of_stack; /* first: the switch uses it */
	struct item state, event;
	uint32_t priority;
	uint32_t *stack;
	char name[NAME_LEN];
};
_Static_assert(offsetof(struct task, name) == 52, "where plug-ins look for it");
_Static_assert(sizeof(struct list) == 20, "as plug-ins count");

struct task *volatile pxCurrentTCB;
struct list pxReadyTasksLists[PRIORITIES];
struct list xDelayedTaskList1, xDelayedTaskList2, xPendingReadyList;
struct list xTasksWaitingTermination, xSuspendedTaskList;
struct list *volatile pxDelayedTaskList, *volatile pxOverflowDelayedTaskList;
volatile uint32_t uxCurrentNumberOfTasks, uxTopReadyPriority, xTickCount, xSchedulerRunning;
const int uxTopUsedPriority = PRIORITIES - 1;

volatile uint32_t switches;

static struct task tasks[TASKS];
static uint32_t stacks[TASKS][STACK_WORDS] __attribute__((aligned(8)));

int main(void);
void svc_handler(void);
void pendsv_handler(void);
void systick_handler(void);
void switch_task(void);

/* --- lists ------------------------------------------------------------------------------ */

static struct item *
list_end(struct list *list)
{
	return (struct item *)&list->end;
}

static void
list_start(struct list *list)
{
	list->len = 0;
	list->end.value = UINT32_MAX;
	list->index = list->end.next = list->end.previous = list_end(list);
}

/* Before the first that is later. */
static void
list_add(struct list *list, struct item *item)
{
	struct item *after = list_end(list);
	while (after->next->value <= item->value && after->next != list_end(list)) {
		after = after->next;
	}
	item->next = after->next;
	item->previous = after;
	after->next->previous = item;
	after->next = item;
	item->list = list;
	list->len++;
}

static void
list_remove(struct item *item)
{
	struct list *list = item->list;
	item->next->previous = item->previous;
	item->previous->next = item->next;
	if (list->index == item) {
		list->index = item->previous;
	}
	item->list = NULL;
	list->len--;
}

static void
make_ready(struct task *task)
{
	task->state.value = 0;
	list_add(&pxReadyTasksLists[task->priority], &task->state);
}

/* --- switching -------------------------------------------------------------------------- */

/* The next of the most urgent list that has any: round robin. */
void
switch_task(void)
{
	struct list *list = &pxReadyTasksLists[PRIORITIES - 1];
	while (!list->len) {
		list--;
	}
	list->index = list->index->next;
	if (list->index == list_end(list)) {
		list->index = list->index->next;
	}
	pxCurrentTCB = list->index->owner;
	switches++;
}

/* B1.5.7: touching S16 makes the core save S0-S15 first, when that was put off. */
__attribute__((naked)) void
pendsv_handler(void)
{
	__asm__ volatile("mrs r0, psp\n"
			 "ldr r3, =pxCurrentTCB\n"
			 "ldr r2, [r3]\n"
			 "tst lr, #0x10\n"
			 "it eq\n"
			 "vstmdbeq r0!, {s16-s31}\n"
			 "stmdb r0!, {r4-r11, lr}\n"
			 "str r0, [r2]\n"
			 "push {r3, lr}\n"
			 "bl switch_task\n"
			 "pop {r3, lr}\n"
			 "ldr r2, [r3]\n"
			 "ldr r0, [r2]\n"
			 "ldmia r0!, {r4-r11, lr}\n"
			 "tst lr, #0x10\n"
			 "it eq\n"
			 "vldmiaeq r0!, {s16-s31}\n"
			 "msr psp, r0\n"
			 "bx lr\n"
			 ".ltorg\n");
}

/* The first task: nothing to be saved. */
__attribute__((naked)) void
svc_handler(void)
{
	__asm__ volatile("ldr r3, =pxCurrentTCB\n"
			 "ldr r2, [r3]\n"
			 "ldr r0, [r2]\n"
			 "ldmia r0!, {r4-r11, lr}\n"
			 "msr psp, r0\n"
			 "bx lr\n"
			 ".ltorg\n");
}

void
systick_handler(void)
{
	struct list *delayed = pxDelayedTaskList;
	xTickCount++;
	while (delayed->len && delayed->end.next->value <= xTickCount) {
		struct task *task = delayed->end.next->owner;
		list_remove(&task->state);
		make_ready(task);
	}
	ICSR = ICSR_PENDSVSET;
}

void
delay(uint32_t ticks)
{
	struct task *task = pxCurrentTCB;
	kernel_lock();
	list_remove(&task->state);
	task->state.value = xTickCount + ticks;
	list_add(pxDelayedTaskList, &task->state);
	ICSR = ICSR_PENDSVSET;
	kernel_unlock();
}

/* --- tasks ------------------------------------------------------------------------------ */

static void
task_make(struct task *task, const char *name, void (*run)(void), uint32_t priority)
{
	uint32_t *top = kernel_frame(&stacks[task - tasks][STACK_WORDS], run);
	*--top = EXC_RETURN_PSP;
	for (int i = 0; i < 8; i++) { /* R11-R4 */
		*--top = 0;
	}
	task->top_of_stack = top;
	task->stack = stacks[task - tasks];
	task->priority = priority;
	task->state.owner = task->event.owner = task;
	for (int i = 0; name[i]; i++) {
		task->name[i] = name[i];
	}
	make_ready(task);
	uxCurrentNumberOfTasks++;
}

static void
lists_start(void)
{
	for (int i = 0; i < PRIORITIES; i++) {
		list_start(&pxReadyTasksLists[i]);
	}
	list_start(&xDelayedTaskList1);
	list_start(&xDelayedTaskList2);
	list_start(&xPendingReadyList);
	list_start(&xTasksWaitingTermination);
	list_start(&xSuspendedTaskList);
	pxDelayedTaskList = &xDelayedTaskList1;
	pxOverflowDelayedTaskList = &xDelayedTaskList2;
}

int
main(void)
{
	lists_start();
	task_make(&tasks[0], "blink", blink_task, 2);
	task_make(&tasks[1], "mean", mean_task, 1);
	task_make(&tasks[2], "sine", sine_task, 1);
	task_make(&tasks[3], "IDLE", idle_task, 0);
	switch_task();
	xSchedulerRunning = 1;
	kernel_start();
	return 0;
}
