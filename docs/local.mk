# docs
EXTRA_DIST += docs/igrs/FACTS.md docs/igrs/PROFILE.md docs/igrs/bad-input.md docs/igrs/vendors.md docs/interop.md \
    docs/images/page-desktop.png docs/images/page-phone.png
dist_man_MANS = docs/duoping.1 docs/duoping-tv.1 docs/igrs-validate.1 docs/duoping-dialects.5 docs/duopingd.8 docs/libigrs.3
