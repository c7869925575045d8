/* counted-probe.c -- see counted-probe.h */
#include "daemon/counted-probe.h"

typedef struct {
    Probe probe;
    Probe *inner;
    gint *count;
} CountedProbe;

static bool
submit(Probe *probe, const char *path, gpointer tag)
{
    CountedProbe *counted = (CountedProbe *)probe;
    bool is_taken = counted->inner->class->submit(counted->inner, path, tag);

    if (is_taken)
        g_atomic_int_inc(counted->count);
    return is_taken;
}

static bool
collect(Probe *probe, int timeout_ms, ProbeResult *result)
{
    CountedProbe *counted = (CountedProbe *)probe;

    return counted->inner->class->collect(counted->inner, timeout_ms, result);
}

static void
counted_free(Probe *probe)
{
    CountedProbe *counted = (CountedProbe *)probe;

    counted->inner->class->free(counted->inner);
    g_free(counted);
}

Probe *
counted_probe_new(Probe *inner, gint *count)
{
    static const ProbeClass class = { submit, collect, counted_free };
    CountedProbe *counted = g_new(CountedProbe, 1);

    *counted = (CountedProbe){ { &class }, inner, count };
    return &counted->probe;
}
