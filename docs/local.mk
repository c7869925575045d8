# docs
EXTRA_DIST += docs/igrs/FACTS.md docs/igrs/PROFILE.md
