/* fuzz-answer.c -- what another device answers: a renderer its state, a server a page. Whatever it
 * is, the status is one, and the page shows no more than was asked for */
#include "tests/fuzz/told-status.h"
#include "wire/content-question.h"

static void
check_page(const CatalogQuestion *question, const SoapCall *answer)
{
    g_autoptr(CatalogPage) page = content_page_decode(question, answer, "10.0.0.9", NULL);

    if (page == NULL)
        return;
    g_assert_cmpuint(page->objects->len, <=,
                     question->verb == CATALOG_GET ? 1 : question->range.limit);
    g_assert_cmpuint(page->result.returned, ==, page->objects->len);
    if (page->objects->len > 0 && question->verb != CATALOG_GET)
        g_assert_cmpuint(page->result.total, >=, question->range.offset + page->objects->len);
    for (guint i = 0; i < page->objects->len; i++) {
        const MediaObject *object = page->objects->pdata[i];
        g_assert_true(object->art_uri == NULL || strstr(object->art_uri, "10.0.0.9") != NULL);
    }
}

FUZZ_TARGET("answer")
{
    static const CatalogQuestion questions[] = {
        { .verb = CATALOG_GET, .id = "7" },
        { .verb = CATALOG_BROWSE, .id = "7", .range = { .offset = 10, .limit = 3 } },
    };
    g_auto(SoapFault) fault = { 0 };
    g_autoptr(SoapCall) answer = soap_decode((const char *)data, size, &fault, NULL);
    AvPeer peer = { .volume_max = 30 };
    PlaybackStatus status = { 0 };

    if (answer == NULL)
        return;
    av_screen_take_answer(&told_set, &peer, answer, &status);
    told_status_check(&status);
    for (guint i = 0; i < G_N_ELEMENTS(questions); i++)
        check_page(&questions[i], answer);
}
