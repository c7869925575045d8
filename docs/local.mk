# docs
EXTRA_DIST += docs/igrs/FACTS.md docs/igrs/PROFILE.md
dist_man_MANS = docs/duoping-tv.1
