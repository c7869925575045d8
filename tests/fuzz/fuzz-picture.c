/* fuzz-picture.c -- a picture is known by its head or refused, and no fact of it is beyond
 * bounds */
#include "pipelines/probe.h"
#include "tests/fuzz/memory-file.h"

FUZZ_TARGET("picture")
{
    int file = memory_file(data, size);
    g_auto(ProbeReport) report;
    g_autoptr(GError) error = NULL;

    probe_report_init(&report);
    report.wants_thumbnail = true;
    if (probe_image(file, &report, &error)) {
        g_assert_cmpint(report.facts.width, >, 0);
        g_assert_cmpint(report.facts.height, >, 0);
        g_assert_cmpint(report.facts.rotation % 90, ==, 0);
        g_assert_true(report.facts.camera == NULL ||
                      g_utf8_validate(report.facts.camera, -1, NULL));
    } else {
        g_assert_nonnull(error);
    }
    close(file);
}
