/* SPDX-License-Identifier: MIT */
#include "server/rsp/clients.h"

/* A free place; that of the oldest without a view when there is none. */
static struct client **
make_room(struct clients *clients)
{
	struct client **oldest = NULL;

	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		struct client **place = &clients->each[i];

		if (*place == NULL)
			return place;
		if (!client_has_view(*place) &&
		    (oldest == NULL || connection_age_us(&(*place)->connection) >
					       connection_age_us(&(*oldest)->connection)))
			oldest = place;
	}
	(*oldest)->ended_by = ENDED_BY_CROWD;
	connection_abandon(&(*oldest)->connection);
	return oldest;
}

void
clients_add(struct clients *clients, struct client *client)
{
	*make_room(clients) = client;
}

/* gdb sends several packets before and after `?`, and may then say nothing for hours. */
static bool
is_idle(const struct client *client)
{
	return client_has_view(client) && client->waits_for == WAIT_NOTHING &&
	       (client->phase != CLIENT_ATTACHED ||
		client->connection.chronicle.packets_in == 1);
}

bool
clients_end_idle(struct clients *clients)
{
	struct client *idlest = NULL;

	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = clients->each[i];

		if (client != NULL && is_idle(client) &&
		    (idlest == NULL || client->spoke_us < idlest->spoke_us))
			idlest = client;
	}
	if (idlest == NULL)
		return false;
	idlest->ended_by = ENDED_BY_SUCCESSOR;
	client_end(idlest, ENDED_BY_SUCCESSOR);
	return true;
}

void
clients_remove(struct clients *clients, const struct client *client)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (clients->each[i] == client)
			clients->each[i] = NULL;
}

unsigned
clients_served(const struct clients *clients)
{
	unsigned count = 0;

	for (size_t i = 0; i < CLIENTS_MAX; i++)
		count += clients->each[i] != NULL && client_has_view(clients->each[i]);
	return count;
}

void
clients_note(struct clients *clients, const char *words)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (clients->each[i] != NULL && clients->each[i]->phase == CLIENT_ATTACHED)
			client_note(clients->each[i], NOTE_EVENT, "%s", words);
}
