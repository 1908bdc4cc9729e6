/* SPDX-License-Identifier: MIT */
#include "server/debug/condition.h"

#include "transport/base/bytes.h"

#include <string.h>

/* What gdb makes of a condition has neither loops nor deep nesting; a wrong one must end. */
enum { STACK_MAX = 32, STEPS_MAX = 1000, WORD_BITS = 64 };

struct machine {
	const uint8_t *code;
	size_t len, at;
	uint64_t stack[STACK_MAX];
	unsigned depth;
	bool is_over;
	const struct condition_source *source;
};

struct operation {
	uint8_t code;
	const char *name;
	uint8_t operands; /* bytes behind the code, big-endian */
	uint8_t pops, pushes;
	enum cause (*run)(struct machine *machine, const struct operation *operation,
			  uint64_t operand, struct reason *why);
	uint64_t (*binary)(uint64_t a, uint64_t b); /* for run_binary and run_division */
	uint8_t size;                               /* of run_ref */
};

static uint64_t
pop(struct machine *machine)
{
	return machine->stack[--machine->depth];
}

/* The table's `pushes` was checked against the room before. */
static void
push(struct machine *machine, uint64_t value)
{
	machine->stack[machine->depth++] = value;
}

#define BINARY(name, expression)                          \
	static uint64_t op_##name(uint64_t a, uint64_t b) \
	{                                                 \
		return (uint64_t)(expression);            \
	}

/* Shifts by the width or more are 0, or the sign, as the values would have it. */
BINARY(add, a + b)
BINARY(sub, a - b)
BINARY(mul, a *b)
BINARY(div_unsigned, a / b)
BINARY(rem_unsigned, a % b)
BINARY(lsh, b < WORD_BITS ? a << b : 0)
BINARY(rsh_unsigned, b < WORD_BITS ? a >> b : 0)
BINARY(rsh_signed,
       a >> (WORD_BITS - 1) != 0 ? ~op_rsh_unsigned(~a, b) : op_rsh_unsigned(a, b))
BINARY(bit_and, a &b)
BINARY(bit_or, a | b)
BINARY(bit_xor, a ^ b)
BINARY(equal, a == b)
BINARY(less_signed, (int64_t)a < (int64_t)b)
BINARY(less_unsigned, a < b)
/* The least number by -1 does not fit. */
BINARY(div_signed, b == UINT64_MAX ? 0 - a : (uint64_t)((int64_t)a / (int64_t)b))
BINARY(rem_signed, b == UINT64_MAX ? 0 : (uint64_t)((int64_t)a % (int64_t)b))

static enum cause
run_binary(struct machine *machine, const struct operation *operation, uint64_t operand,
	   struct reason *why)
{
	uint64_t b = pop(machine), a = pop(machine);

	(void)operand;
	(void)why;
	push(machine, operation->binary(a, b));
	return CAUSE_NONE;
}

static enum cause
run_division(struct machine *machine, const struct operation *operation, uint64_t operand,
	     struct reason *why)
{
	if (machine->stack[machine->depth - 1] == 0)
		return reason_begin(why, CAUSE_REQUEST, "the expression divides by 0");
	return run_binary(machine, operation, operand, why);
}

static enum cause
run_log_not(struct machine *machine, const struct operation *operation, uint64_t operand,
	    struct reason *why)
{
	(void)operation;
	(void)operand;
	(void)why;
	push(machine, pop(machine) == 0);
	return CAUSE_NONE;
}

static enum cause
run_bit_not(struct machine *machine, const struct operation *operation, uint64_t operand,
	    struct reason *why)
{
	(void)operation;
	(void)operand;
	(void)why;
	push(machine, ~pop(machine));
	return CAUSE_NONE;
}

/* The lowest `operand` bits, with zeros above. */
static enum cause
run_zero_ext(struct machine *machine, const struct operation *operation, uint64_t operand,
	     struct reason *why)
{
	uint64_t value = pop(machine);

	(void)operation;
	(void)why;
	push(machine, operand < WORD_BITS ? value & ((UINT64_C(1) << operand) - 1) : value);
	return CAUSE_NONE;
}

static enum cause
run_ext(struct machine *machine, const struct operation *operation, uint64_t operand,
	struct reason *why)
{
	uint64_t value = pop(machine), sign;

	(void)operation;
	(void)why;
	if (operand > 0 && operand < WORD_BITS) {
		sign = UINT64_C(1) << (operand - 1);
		value &= (sign << 1) - 1;
		value = (value ^ sign) - sign;
	}
	push(machine, value);
	return CAUSE_NONE;
}

static enum cause
run_ref(struct machine *machine, const struct operation *operation, uint64_t operand,
	struct reason *why)
{
	uint8_t bytes[sizeof(uint64_t)] = { 0 };
	uint32_t at = (uint32_t)pop(machine);
	uint64_t value = 0;
	enum cause cause = machine->source->memory(machine->source->context, at, bytes,
						   operation->size, why);

	(void)operand;
	for (unsigned i = operation->size; i > 0; i--)
		value = value << 8 | bytes[i - 1];
	push(machine, value);
	return cause;
}

static enum cause
run_reg(struct machine *machine, const struct operation *operation, uint64_t operand,
	struct reason *why)
{
	uint64_t value = 0;
	enum cause cause = machine->source->reg(machine->source->context, (unsigned)operand,
						&value, why);

	(void)operation;
	push(machine, value);
	return cause;
}

static enum cause
run_const(struct machine *machine, const struct operation *operation, uint64_t operand,
	  struct reason *why)
{
	(void)operation;
	(void)why;
	push(machine, operand);
	return CAUSE_NONE;
}

/* A place behind the end is refused by who fetches there. */
static enum cause
run_goto(struct machine *machine, const struct operation *operation, uint64_t operand,
	 struct reason *why)
{
	(void)operation;
	(void)why;
	machine->at = (size_t)operand;
	return CAUSE_NONE;
}

static enum cause
run_if_goto(struct machine *machine, const struct operation *operation, uint64_t operand,
	    struct reason *why)
{
	return pop(machine) == 0 ? CAUSE_NONE : run_goto(machine, operation, operand, why);
}

static enum cause
run_end(struct machine *machine, const struct operation *operation, uint64_t operand,
	struct reason *why)
{
	(void)operation;
	(void)operand;
	(void)why;
	machine->is_over = true;
	return CAUSE_NONE;
}

/* Copies the value that lies `operand` below the top. */
static enum cause
run_pick(struct machine *machine, const struct operation *operation, uint64_t operand,
	 struct reason *why)
{
	if (operand >= machine->depth)
		return reason_begin(why, CAUSE_REQUEST, "%s takes what is not there",
				    operation->name);
	push(machine, machine->stack[machine->depth - 1 - operand]);
	return CAUSE_NONE;
}

static enum cause
run_pop(struct machine *machine, const struct operation *operation, uint64_t operand,
	struct reason *why)
{
	(void)operation;
	(void)operand;
	(void)why;
	pop(machine);
	return CAUSE_NONE;
}

static enum cause
run_swap(struct machine *machine, const struct operation *operation, uint64_t operand,
	 struct reason *why)
{
	uint64_t b = pop(machine), a = pop(machine);

	(void)operation;
	(void)operand;
	(void)why;
	push(machine, b);
	push(machine, a);
	return CAUSE_NONE;
}

/* a b c, c on top, becomes c a b. */
static enum cause
run_rot(struct machine *machine, const struct operation *operation, uint64_t operand,
	struct reason *why)
{
	uint64_t c = pop(machine), b = pop(machine), a = pop(machine);

	(void)operation;
	(void)operand;
	(void)why;
	push(machine, c);
	push(machine, a);
	push(machine, b);
	return CAUSE_NONE;
}

/* GDB manual, "Bytecode Descriptions"; the numbers are gdb's gdbsupport/ax.def. */
static const struct operation operations[] = {
	{ 0x02, "add", 0, 2, 1, run_binary, op_add, 0 },
	{ 0x03, "sub", 0, 2, 1, run_binary, op_sub, 0 },
	{ 0x04, "mul", 0, 2, 1, run_binary, op_mul, 0 },
	{ 0x05, "div_signed", 0, 2, 1, run_division, op_div_signed, 0 },
	{ 0x06, "div_unsigned", 0, 2, 1, run_division, op_div_unsigned, 0 },
	{ 0x07, "rem_signed", 0, 2, 1, run_division, op_rem_signed, 0 },
	{ 0x08, "rem_unsigned", 0, 2, 1, run_division, op_rem_unsigned, 0 },
	{ 0x09, "lsh", 0, 2, 1, run_binary, op_lsh, 0 },
	{ 0x0a, "rsh_signed", 0, 2, 1, run_binary, op_rsh_signed, 0 },
	{ 0x0b, "rsh_unsigned", 0, 2, 1, run_binary, op_rsh_unsigned, 0 },
	{ 0x0e, "log_not", 0, 1, 1, run_log_not, NULL, 0 },
	{ 0x0f, "bit_and", 0, 2, 1, run_binary, op_bit_and, 0 },
	{ 0x10, "bit_or", 0, 2, 1, run_binary, op_bit_or, 0 },
	{ 0x11, "bit_xor", 0, 2, 1, run_binary, op_bit_xor, 0 },
	{ 0x12, "bit_not", 0, 1, 1, run_bit_not, NULL, 0 },
	{ 0x13, "equal", 0, 2, 1, run_binary, op_equal, 0 },
	{ 0x14, "less_signed", 0, 2, 1, run_binary, op_less_signed, 0 },
	{ 0x15, "less_unsigned", 0, 2, 1, run_binary, op_less_unsigned, 0 },
	{ 0x16, "ext", 1, 1, 1, run_ext, NULL, 0 },
	{ 0x17, "ref8", 0, 1, 1, run_ref, NULL, 1 },
	{ 0x18, "ref16", 0, 1, 1, run_ref, NULL, 2 },
	{ 0x19, "ref32", 0, 1, 1, run_ref, NULL, 4 },
	{ 0x1a, "ref64", 0, 1, 1, run_ref, NULL, 8 },
	{ 0x20, "if_goto", 2, 1, 0, run_if_goto, NULL, 0 },
	{ 0x21, "goto", 2, 0, 0, run_goto, NULL, 0 },
	{ 0x22, "const8", 1, 0, 1, run_const, NULL, 0 },
	{ 0x23, "const16", 2, 0, 1, run_const, NULL, 0 },
	{ 0x24, "const32", 4, 0, 1, run_const, NULL, 0 },
	{ 0x25, "const64", 8, 0, 1, run_const, NULL, 0 },
	{ 0x26, "reg", 2, 0, 1, run_reg, NULL, 0 },
	{ 0x27, "end", 0, 0, 0, run_end, NULL, 0 },
	{ 0x28, "dup", 0, 1, 2, run_pick, NULL, 0 },
	{ 0x29, "pop", 0, 1, 0, run_pop, NULL, 0 },
	{ 0x2a, "zero_ext", 1, 1, 1, run_zero_ext, NULL, 0 },
	{ 0x2b, "swap", 0, 2, 2, run_swap, NULL, 0 },
	{ 0x32, "pick", 1, 0, 1, run_pick, NULL, 0 },
	{ 0x33, "rot", 0, 3, 3, run_rot, NULL, 0 },
};

static const struct operation *
find_operation(uint8_t code)
{
	for (size_t i = 0; i < array_len(operations); i++)
		if (operations[i].code == code)
			return &operations[i];
	return NULL;
}

static enum cause
check_stack(const struct machine *machine, const struct operation *operation,
	    struct reason *why)
{
	if (machine->depth < operation->pops)
		return reason_begin(why, CAUSE_REQUEST, "%s takes what is not there",
				    operation->name);
	if (machine->depth - operation->pops + operation->pushes > STACK_MAX)
		return reason_begin(why, CAUSE_REQUEST,
				    "the expression needs more than %d values at once",
				    STACK_MAX);
	return CAUSE_NONE;
}

static enum cause
run_next(struct machine *machine, struct reason *why)
{
	const struct operation *operation;
	uint64_t operand = 0;
	enum cause cause;
	size_t left;

	if (machine->at >= machine->len)
		return reason_begin(why, CAUSE_REQUEST, "the expression has no end");
	operation = find_operation(machine->code[machine->at]);
	left = machine->len - ++machine->at;
	if (operation == NULL || operation->operands > left)
		return reason_begin(why, CAUSE_REQUEST,
				    "byte %zu of the expression, 0x%02x, is no operation",
				    machine->at - 1, machine->code[machine->at - 1]);
	for (unsigned i = 0; i < operation->operands; i++)
		operand = operand << 8 | machine->code[machine->at++];
	cause = check_stack(machine, operation, why);
	return cause == CAUSE_NONE ? operation->run(machine, operation, operand, why)
				   : cause;
}

enum cause
condition_evaluate(const uint8_t *code, size_t len, const struct condition_source *source,
		   uint64_t *value, struct reason *why)
{
	struct machine machine = { .code = code, .len = len, .source = source };

	for (unsigned i = 0; i < STEPS_MAX && !machine.is_over; i++) {
		enum cause cause = run_next(&machine, why);

		if (cause != CAUSE_NONE)
			return reason_while(why, "evaluating a breakpoint's condition");
	}
	if (!machine.is_over || machine.depth == 0)
		return reason_begin(why, CAUSE_REQUEST,
				    "the condition has no value after "
				    "%d operations",
				    STEPS_MAX);
	*value = machine.stack[machine.depth - 1];
	return CAUSE_NONE;
}

bool
conditions_hold(const struct conditions *conditions, const struct condition_source *source)
{
	unsigned at = 0;

	while (at < conditions->used) {
		/* gdb evaluates again and shows the failure as its own. */
		struct reason untold = REASON_INIT;
		unsigned len = conditions->bytes[at++];
		uint64_t value = 0;

		if (condition_evaluate(conditions->bytes + at, len, source, &value,
				       &untold) != CAUSE_NONE ||
		    value != 0)
			return true;
		at += len;
	}
	return conditions->used == 0;
}
