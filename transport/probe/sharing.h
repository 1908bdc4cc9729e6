/* SPDX-License-Identifier: MIT */
/*
 * sharing.h - a probe that other programs use through this one, whatever its driver: who they are,
 * and what each of them holds. The drivers' own parts are stlink/share.h and cmsis_dap/share.h.
 */
#ifndef TRANSPORT_PROBE_SHARING_H
#define TRANSPORT_PROBE_SHARING_H

#include "transport/probe/claims.h"
#include "transport/probe/probe.h"

enum {
	SHARING_CLIENTS = 16,
	SHARING_OWNER = 0, /* among the users; clients have the numbers above */
	SHARING_USERS = SHARING_CLIENTS + 1
};

/* One of those who use the probe. Begins a struct of the driver's. */
struct sharing_user {
	/* Of a client alone. */
	bool has_entered; /* it has entered SWD */
	bool pulls_nrst;
	uint32_t hz;       /* its wish; 0: none */
	uint64_t heard_us; /* when it last asked for something */
	struct probe_claim claim;
	bool is_tether;              /* it has asked for a claim, or for news */
	bool has_news;               /* another has reset the target: */
	struct probe_claim reset_by; /* the last that has */
	char name[64];               /* for people: "127.0.0.1:40112" */
	uint64_t claimed_us;         /* when its claim began */
};

/* What the driver does with the owner's probe. */
struct sharing_ops {
	uint32_t (*clock_hz)(struct probe *probe);
	/* CAUSE_UNSUPPORTED: it has no clock that slow. */
	enum cause (*limit_clock)(struct probe *probe, uint32_t hz, struct reason *why);
	bool (*owner_pulls_nrst)(struct probe *probe);
	enum cause (*move_nrst)(struct probe *probe, bool low, struct reason *why);
	enum cause (*leave)(struct probe *probe, struct reason *why);
};

struct sharing {
	const struct sharing_ops *ops;
	struct probe *probe; /* NULL: the owner's cannot be shared */
	bool is_owner_there; /* the owner uses the target; false: it has lost it */
	/* What a program that is no tether changed the target by last, and when; "": nothing. */
	char deed[PROBE_CLAIM_WORDS];
	uint64_t deed_us;
	struct sharing_user *users[SHARING_USERS]; /* NULL: free */
};

/* The owner has this probe now, which knows from here on that it is shared. `owner_size`: of the
 * driver's struct for him. CAUSE_HOST: no memory. */
enum cause sharing_take(struct sharing *sharing, const struct sharing_ops *ops,
			struct probe *probe, size_t owner_size, struct reason *why);
/* Nobody uses it any more: clients have left. */
void sharing_end(struct sharing *sharing);

/* A place for one more, `size` zeros: false when there is none, or no memory. */
bool sharing_join(struct sharing *sharing, size_t size, unsigned *number);
/* What the client holds is let go; it is freed. */
void sharing_leave(struct sharing *sharing, unsigned number);
/* What people call the client. */
void sharing_name(struct sharing *sharing, unsigned number, const char *name);
/* The client has reset the target by that command: news for the others. A tether says so itself, when
 * its reset is over. */
void sharing_note_reset(struct sharing *sharing, const struct sharing_user *user,
			const char *command);
/* The client has changed the target by that command: a claim that fails names it. */
void sharing_note_deed(struct sharing *sharing, const struct sharing_user *user,
		       const char *command);
/* Is there news for the owner? */
bool sharing_has_news(const struct sharing *sharing);
/* The client asks for something. */
void sharing_hear(struct sharing *sharing, unsigned number);

/* Has anybody else entered SWD? */
bool sharing_has_others_in(const struct sharing *sharing, const struct sharing_user *user);
bool
sharing_others_pull_nrst(const struct sharing *sharing, const struct sharing_user *user);
/* The clock is the slowest that a client wishes. CAUSE_UNSUPPORTED: there is none that slow, and it
 * stays what it was, as it does when anything else fails. */
enum cause sharing_wish_clock(struct sharing *sharing, struct sharing_user *user,
			      uint32_t hz, struct reason *why);

/* What becomes of the wish; *claim is the wisher's, and then that of the one who has it. */
enum probe_claim_verdict sharing_claim(struct sharing *sharing, unsigned number,
				       enum probe_claim_wish wish,
				       struct probe_claim *claim);
/* The same in bytes, PROBE_CLAIM_SIZE of them. CAUSE_REQUEST: they are no wish. */
enum cause sharing_claim_bytes(struct sharing *sharing, unsigned number, uint8_t *bytes,
			       struct reason *why);

#endif /* TRANSPORT_PROBE_SHARING_H */
