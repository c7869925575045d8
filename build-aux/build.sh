# What ./run and ./check share: packages, and a configured build folder. Sourced from the top folder.

install_packages() {
    lists=
    for list; do lists="$lists build-aux/$list"; done
    # shellcheck disable=SC2086 # words on purpose
    build-aux/install-packages $lists
}

# configure_in FOLDER OPTION...: makes ./configure where it is missing or old, and runs it in FOLDER
# when it was not yet, or with other options.
configure_in() {
    folder=$1
    shift
    if [ ! -x configure ] || [ configure.ac -nt configure ] || [ ! -f build-aux/ltmain.sh ]; then
        echo "Preparing (autoreconf) ..."
        autoreconf -i >build-aux/autoreconf.log 2>&1 || { cat build-aux/autoreconf.log >&2; return 1; }
    fi
    mkdir -p "$folder"
    if [ ! -f "$folder/config.status" ] || [ "$(cat "$folder/options" 2>/dev/null)" != "$*" ]; then
        echo "Configuring ($folder) ..."
        if ! (cd "$folder" && ../../configure -q "$@") >"$folder/configure.log" 2>&1; then
            cat "$folder/configure.log" >&2
            return 1
        fi
        echo "$*" >"$folder/options"
    fi
}
