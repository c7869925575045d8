"""The library at its limits: a million items, and how soon a new file is seen."""
import os, shutil, statistics, subprocess, time, re
import marks
from marks import compare, measure

FRESH = 15 # files that are dropped, one after the other

def million(build, work):
    """tests/bench/million: made, asked, and weighed. Times are CPU time of the thread that asks, which is
    what a wait is on a machine of one's own."""
    program = 'tests/bench/million'
    subprocess.run(['make', '-s', '-C', build, program], check=True)
    state = os.path.join(work, 'million')
    shutil.rmtree(state, True)
    run = subprocess.Popen([os.path.join(build, program), state], stdout=subprocess.PIPE, text=True)
    for line in run.stdout:
        found = re.match(r'million, (.*): ([\d.]+) (\S+), (least|most|figure) ?([\d.]*)', line)
        if found:
            what, value, unit, kind, goal = found.groups()
            limit = {kind: float(goal)} if kind != 'figure' else {}
            measure('million, ' + what, float(value), unit, **limit)
    if run.wait() != 0:
        marks.results.append(('million', 0, 1))
    shutil.rmtree(state, True)

def read_alone(places):
    """Seconds that it takes to walk places and to read the beginning of each file, and nothing else."""
    begin = time.monotonic()
    for place in places:
        for at, _, names in os.walk(place):
            for name in names:
                file = os.open(os.path.join(at, name), os.O_RDONLY)
                os.read(file, 65536)
                os.close(file)
    return time.monotonic() - begin

def seen_after(server, path, source, count, most=30):
    """Milliseconds from the closing of a new file to its being shown."""
    before = count()
    with open(source, 'rb') as file:
        body = file.read()
    with open(path, 'wb') as file:
        file.write(body)
    closed = time.monotonic()
    while count() == before:
        if time.monotonic() - closed > most:
            return most * 1000
    return (time.monotonic() - closed) * 1000

def freshness(servers, library, source):
    """servers: running and at rest; each has fresh(name): a function that counts what a folder shows."""
    folder = os.path.join(library, 'Fresh')
    ending = os.path.splitext(source)[1]
    took = {server.name: [] for server in servers}
    os.makedirs(folder, exist_ok=True)
    try:
        shutil.copy(source, os.path.join(folder, 'first' + ending))
        for server in servers:
            deadline = time.monotonic() + 60
            count = None
            while count is None and time.monotonic() < deadline:
                time.sleep(0.2)
                count = server.fresh('Fresh')
            for number in range(FRESH):
                path = os.path.join(folder, f'{server.name} {number}{ending}')
                took[server.name].append(seen_after(server, path, source, count))
                time.sleep(0.3) # the other has its turn, and both are at rest
    finally:
        shutil.rmtree(folder, True)
    ours, theirs = (statistics.median(took[server.name]) for server in servers)
    compare('new file, closed to visible, p50', ours, theirs, 'ms', False)
    measure('new file, closed to visible, p50', ours, 'ms', most=10)

def fresh_during_scan(start, library, source):
    """The same while everything is read for the first time; ours alone."""
    folder = os.path.join(library, 'Fresh')
    ending = os.path.splitext(source)[1]
    os.makedirs(folder, exist_ok=True)
    shutil.copy(source, os.path.join(folder, 'first' + ending))
    server = start()
    took = []
    try:
        server.connect_soon()
        count = None
        while count is None:
            count = server.fresh('Fresh')
            time.sleep(0.05)
        for number in range(5):
            if server.get('/server')['scan']['state'] == 'idle':
                break
            took.append(seen_after(server, os.path.join(folder, f'{number}{ending}'), source, count))
    finally:
        server.process.stop()
        shutil.rmtree(folder, True)
    if took:
        measure('new file during a full scan, p50', statistics.median(took), 'ms', most=1000)
