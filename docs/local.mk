# docs
EXTRA_DIST += docs/igrs/FACTS.md docs/igrs/PROFILE.md docs/igrs/bad-input.md docs/igrs/vendors.md docs/interop.md \
    docs/images/page-desktop.png docs/images/page-phone.png docs/images/page-phone-zh.png \
    docs/images/page-tablet.png docs/images/page-television.png docs/images/page-film.png \
    docs/images/page-album.png docs/images/page-songs-zh.png docs/images/page-pictures.png \
    docs/images/page-folders.png docs/images/page-search.png docs/images/page-screens.png \
    docs/images/page-player.png docs/images/page-picture.png docs/images/page-queue.png \
    docs/images/page-screen.png docs/images/page-screen-song.png \
    docs/images/page-settings.png docs/images/page-settings-library.png \
    docs/images/page-settings-screens.png docs/images/page-settings-log.png \
    docs/images/page-settings-television.png docs/images/page-people.png
EXTRA_DIST += docs/interop-holes.md
dialectsdir = $(sysconfdir)/duoping/dialects.d
dist_dialects_DATA = docs/dialects.d/README
dist_man_MANS = docs/duoping.1 docs/duoping-tv.1 docs/igrs-validate.1 docs/duoping-dialects.5 docs/duopingd.8 docs/libigrs.3
