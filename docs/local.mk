# docs
EXTRA_DIST += docs/igrs/FACTS.md docs/igrs/PROFILE.md
dist_man_MANS = docs/duoping.1 docs/duoping-tv.1 docs/duopingd.8
