/* content-question.h -- a question to another server, as an action of ContentDirectory:1 and back
 *
 * Whoever asks over a wire of his own (igrs/igrs-catalog) sends the one and hands in the other.
 * Pure. */
#pragma once

#include "model/remote-server.h"
#include "wire/soap.h"

/* The action with its arguments, of no namespace yet; the caller's. capabilities: what
 * GetSearchCapabilities said, for CATALOG_SEARCH; else NULL. DUO_ERROR_UNSUPPORTED: it cannot
 * search for this. */
SoapCall    *content_question_encode(const CatalogQuestion *question, const char *capabilities,
                                     GError **error);

/* The page of what came out, the caller's. Pictures are kept only at host, the server's own: a page
 * that shows them asks nobody else on its word. DUO_ERROR_INVALID, DUO_ERROR_TOO_LARGE;
 * DUO_ERROR_NOT_FOUND: nothing came of CATALOG_GET. */
CatalogPage *content_page_decode(const CatalogQuestion *question, const SoapCall *answer,
                                 const char *host, GError **error);

/* A service's own refusal (ContentDirectory:1, 2.7.16) in our words; the caller's. */
GError      *content_error_decode(int code, const char *description);
