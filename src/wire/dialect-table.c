/* dialect-table.c -- the families we know, and what each must hear otherwise (FIELD-NOTES C1 to C5)
 *
 * What a row says was learnt from sets of that family; where nothing is known a row says nothing,
 * and gives the family a name that additions can start from. */
#include "wire/dialect.h"

/* "SEC_HHP_" is every Samsung set; the Q, QN and later ones keep bookmarks in milliseconds. */
#define SAMSUNG \
    .mimes = { { "video/x-matroska", "video/x-mkv" }, \
               { "video/mp2t", "video/vnd.dlna.mpeg-tts" }, \
               { "video/quicktime", "video/mp4" } }, \
    .captions = DIALECT_CAPTION_SAMSUNG | DIALECT_CAPTION_HEAD, .art = 2, .seek = DIALECT_SEEK_TIME, \
    .takes_any_transfer = true

/* What a Windows Media Connect server calls its views; ours have words. */
#define XBOX_VIEWS \
    { { "1", "music" }, { "2", "videos" }, { "3", "pictures" }, { "4", "tracks" }, \
      { "5", "genres" }, { "6", "artists" }, { "7", "albums" }, { "8", "all-videos" }, \
      { "B", "photos" }, { "F", "playlists" }, { "14", "music-folders" }, \
      { "15", "video-folders" }, { "16", "picture-folders" } }

/* What Windows itself says, and the players built on it expect. */
#define AVI { "video/x-msvideo", "video/avi" }

/* A player of a computer, which is offered nothing but the file: no profile has that name. */
#define PLAYS_ALL .forms = { "none" }

const Dialect dialect_table[] = {
    /* AllShare on a PC is a Windows program that grumbles at what its televisions like. */
    { .name = "samsung-pc", .signs = { [DIALECT_USER_AGENT] = { "SEC_HHP_[PC]" } },
      .captions = DIALECT_CAPTION_NONE, .bookmarks = DIALECT_BOOKMARK_NONE },
    { .name = "samsung-q",
      .signs = { [DIALECT_USER_AGENT] = { "SEC_HHP_[TV] Samsung Q", "SEC_HHP_[TV] QN",
                                          "SEC_HHP_[TV] Samsung QN" },
                 [DIALECT_MODEL] = { "Samsung Electronics Q", "Samsung Electronics GQ",
                                     "Samsung Electronics TQ" } },
      SAMSUNG, .bookmarks = DIALECT_BOOKMARK_MILLISECONDS },
    { .name = "samsung",
      .signs = { [DIALECT_USER_AGENT] = { "SEC_HHP_", "SamsungWiselinkPro" },
                 [DIALECT_MODEL] = { "Samsung" } },
      SAMSUNG },
    /* webOS, and NetCast before it. */
    { .name = "lg",
      .signs = { [DIALECT_USER_AGENT] = { "LGE_DLNA_SDK", "LGE WebOS", "LG-BP", "LG-BDP" },
                 [DIALECT_MODEL] = { "LG Electronics" } },
      .mimes = { AVI }, .captions = DIALECT_CAPTION_RES, .seek = DIALECT_SEEK_TIME },
    { .name = "playstation-3",
      .signs = { [DIALECT_USER_AGENT] = { "PLAYSTATION 3" },
                 [DIALECT_CLIENT_INFO] = { "PLAYSTATION 3" } },
      .mimes = { { "video/x-msvideo", "video/divx" } }, .captions = DIALECT_CAPTION_NONE,
      .seek = DIALECT_SEEK_TIME },
    { .name = "playstation-4",
      .signs = { [DIALECT_USER_AGENT] = { "PlayStation 4", "PS4Application" } },
      .mimes = { AVI }, .captions = DIALECT_CAPTION_NONE, .seek = DIALECT_SEEK_TIME },
    /* Bravia XR trips over DLNA parameters of whatever kind. */
    { .name = "sony-xr",
      .signs = { [DIALECT_CLIENT_INFO] = { "BRAVIA XR-", "BRAVIA K-" },
                 [DIALECT_MODEL] = { "Sony Corporation XR-", "Sony Corporation K-" } },
      .features = DIALECT_FEATURES_NONE, .captions = DIALECT_CAPTION_RES,
      .bookmarks = DIALECT_BOOKMARK_NONE, .art_is_res = true, .has_media_class = true },
    /* The KDL sets play H.264 in a transport stream under the one name they have for it. */
    { .name = "sony-kdl",
      .signs = { [DIALECT_CLIENT_INFO] = { "BRAVIA KDL-" },
                 [DIALECT_MODEL] = { "Sony Corporation KDL-" } },
      .mimes = { { "video/mp2t", "video/mpeg" } },
      .profiles = { { "mpegts/h264/ac3", "AVC_TS_HD_50_AC3_ISO" } },
      .captions = DIALECT_CAPTION_RES, .bookmarks = DIALECT_BOOKMARK_NONE, .art_is_res = true,
      .has_media_class = true },
    { .name = "sony",
      .signs = { [DIALECT_CLIENT_INFO] = { "Sony Corporation", "BRAVIA" },
                 [DIALECT_MODEL] = { "Sony Corporation" } },
      .mimes = { { "video/mp2t", "video/mpeg" } }, .captions = DIALECT_CAPTION_RES,
      .bookmarks = DIALECT_BOOKMARK_NONE, .art_is_res = true, .has_media_class = true },
    { .name = "panasonic",
      .signs = { [DIALECT_USER_AGENT] = { "Panasonic" }, [DIALECT_MODEL] = { "Panasonic" } },
      .captions = DIALECT_CAPTION_PANASONIC, .bookmarks = DIALECT_BOOKMARK_NONE,
      .seek = DIALECT_SEEK_TIME, .keeps_order = true, .metadata = DIALECT_METADATA_NONE },
    /* Some say what Philips sets say, and their own name elsewhere: they stand before it. */
    { .name = "hisense",
      .signs = { [DIALECT_USER_AGENT] = { "Hisense", "LTDN" },
                 [DIALECT_FRIENDLY_NAME] = { "Hisense", "LTDN" },
                 [DIALECT_MODEL] = { "Hisense", "LTDN" } },
      .mimes = { AVI, { "video/mp2t", "video/mpeg" } }, .captions = DIALECT_CAPTION_RES,
      .bookmarks = DIALECT_BOOKMARK_NONE },
    { .name = "philips",
      .signs = { [DIALECT_USER_AGENT] = { "Philips", "Streamium", "IPI/", "PUS8", "PUS6", "PUS7" },
                 [DIALECT_MODEL] = { "Philips" } },
      .mimes = { AVI }, .captions = DIALECT_CAPTION_RES, .bookmarks = DIALECT_BOOKMARK_NONE,
      .keeps_order = true },
    { .name = "tcl",
      .signs = { [DIALECT_USER_AGENT] = { "TCL" }, [DIALECT_FRIENDLY_NAME] = { "TCL" },
                 [DIALECT_MODEL] = { "TCL" } } },
    { .name = "xiaomi",
      .signs = { [DIALECT_USER_AGENT] = { "Xiaomi", "MiTV", "MiBOX" },
                 [DIALECT_FRIENDLY_NAME] = { "Xiaomi" }, [DIALECT_MODEL] = { "Xiaomi" } } },
    { .name = "xbox-360",
      .signs = { [DIALECT_USER_AGENT] = { "Xbox/", "Xbox 360" } },
      .mimes = { AVI }, .classes = { { "object.container", "object.container.storageFolder" } },
      .containers = XBOX_VIEWS, .captions = DIALECT_CAPTION_NONE,
      .bookmarks = DIALECT_BOOKMARK_NONE, .manufacturer = "Microsoft Corporation",
      .model_name = "Windows Media Player Sharing", .name_suffix = " : 1" },
    { .name = "xbox-one",
      .signs = { [DIALECT_FRIENDLY_NAME] = { "Xbox" },
                 [DIALECT_USER_AGENT] = { "NSPlayer/12", "Xbox-SystemOS" },
                 [DIALECT_MODEL] = { "Xbox One" } },
      .mimes = { AVI }, .containers = XBOX_VIEWS, .captions = DIALECT_CAPTION_NONE,
      .bookmarks = DIALECT_BOOKMARK_NONE, .seek = DIALECT_SEEK_TIME },
    { .name = "windows",
      .signs = { [DIALECT_USER_AGENT] = { "Microsoft-Windows", "Windows-Media-Player",
                                          "Microsoft-DLNA", "NSPlayer" } },
      .mimes = { AVI }, .captions = DIALECT_CAPTION_NONE, .bookmarks = DIALECT_BOOKMARK_NONE },
    { .name = "kodi",
      .signs = { [DIALECT_USER_AGENT] = { "Kodi", "XBMC", "Platinum" },
                 [DIALECT_MODEL] = { "Kodi", "XBMC" } },
      .mimes = { { "audio/mp4", "audio/aac" } }, .captions = DIALECT_CAPTION_RES, PLAYS_ALL },
    { .name = "bubbleupnp", .signs = { [DIALECT_USER_AGENT] = { "BubbleUPnP" },
                                       [DIALECT_MODEL] = { "BubbleUPnP" } } },
    { .name = "vlc", .signs = { [DIALECT_USER_AGENT] = { "VLC" } },
      .captions = DIALECT_CAPTION_RES, .bookmarks = DIALECT_BOOKMARK_NONE, PLAYS_ALL },
    { .name = "yamaha", .signs = { [DIALECT_USER_AGENT] = { "KnOS/" } },
      .captions = DIALECT_CAPTION_NONE, .bookmarks = DIALECT_BOOKMARK_NONE,
      .has_ascii_titles = true },
    { .name = "frontier", .signs = { [DIALECT_USER_AGENT] = { "FSL DLNADOC" } },
      .captions = DIALECT_CAPTION_NONE, .bookmarks = DIALECT_BOOKMARK_NONE,
      .dates = DIALECT_DATE_DAY },
    /* What GStreamer has not it lists all the same, by its elements' pads and as "audio" of any
     * kind, and then stands still without a word; over a GIF it never does anything again. */
    { .name = "gmediarender", .signs = { [DIALECT_MODEL] = { "GMediaRender", "gmediarender" } },
      .unplayed = { "audio/x-w64", "audio/x-caf", "audio/x-ape", "image/tiff", "image/gif",
                    "image/bmp", "image/webp" } },
    /* It compares the type that comes with the file to its own list, letter by letter. */
    { .name = "rygel", .signs = { [DIALECT_MODEL] = { "Rygel" } },
      .mimes = { { "audio/ac3", "audio/x-ac3" } } },
    { .name = "universum", .signs = { [DIALECT_USER_AGENT] = { "Universum" } },
      .captions = DIALECT_CAPTION_NONE, .bookmarks = DIALECT_BOOKMARK_NONE },
    { .name = NULL },
};
