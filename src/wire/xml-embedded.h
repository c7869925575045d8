/* xml-embedded.h -- documents that travel as text inside others: DIDL-Lite, LastChange */
#pragma once

#include "wire/xml.h"

/* As xml_parse(); a document that was escaped once too often on its way is read all the same. */
XmlDocument *xml_parse_embedded(const char *text, GError **error);
