/* orders.c -- see orders.h */
#include "media-db/orders.h"

#include <string.h>

#define ORDERS_MAX 8
#define ORDERED_IDS_MAX 262144 /* all orders together: 2 MiB; a larger one is kept alone */

Order *
order_new(const char *question, int64_t version)
{
    Order *order = g_new(Order, 1);

    *order = (Order){ g_strdup(question), version, g_array_new(FALSE, FALSE, sizeof(int64_t)), 0 };
    return order;
}

void
order_free(Order *order)
{
    g_free(order->question);
    g_array_unref(order->ids);
    g_free(order);
}

void
orders_clear(Orders *orders)
{
    g_queue_clear_full(&orders->kept, (GDestroyNotify)order_free);
}

Order *
orders_keep(Orders *orders, Order *order)
{
    guint kept = 0, ids = 0;

    g_queue_push_head(&orders->kept, order);
    for (GList *link = orders->kept.head; link != NULL; link = link->next) {
        ids += ((Order *)link->data)->ids->len;
        if (kept > 0 && (kept >= ORDERS_MAX || ids > ORDERED_IDS_MAX))
            break;
        kept++;
    }
    while (g_queue_get_length(&orders->kept) > kept)
        order_free(g_queue_pop_tail(&orders->kept));
    return order;
}

Order *
orders_find(Orders *orders, const char *question, int64_t version)
{
    for (GList *link = orders->kept.head; link != NULL; link = link->next) {
        Order *order = link->data;
        if (strcmp(order->question, question) != 0)
            continue;
        g_queue_unlink(&orders->kept, link);
        if (order->version == version) {
            g_queue_push_head_link(&orders->kept, link);
            return order;
        }
        g_list_free_1(link);
        order_free(order);
        return NULL;
    }
    return NULL;
}
