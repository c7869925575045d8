/* orders.h -- the ids that questions answered last, in their order
 *
 * A few thousand ids cost little, and a page anywhere in a long list is a slice of them. */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct {
    char *question;
    int64_t version; /* good until what was asked changes */
    GArray *ids;     /* int64_t; perhaps only the first of total */
    guint total;
} Order;

Order *order_new(const char *question, int64_t version);
void   order_free(Order *order);

typedef struct {
    GQueue kept; /* Order, the latest first */
} Orders; /* all 0 is empty */

void   orders_clear(Orders *orders);
/* Takes order over and lends it back; what is too much is forgotten, the oldest first. */
Order *orders_keep(Orders *orders, Order *order);
/* Borrowed until the next orders_keep(); NULL when there is none of that version. */
Order *orders_find(Orders *orders, const char *question, int64_t version);
