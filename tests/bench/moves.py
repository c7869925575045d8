"""From the word to the picture: a cast to PLAYING on duoping-tv, and a film that moves between two of them,
watched on the screens themselves by their MediaRenderer, every few milliseconds. Builds of its own are
to be measured (build/run): sanitizers cost more than what is measured."""
import os, shutil, statistics, threading, time

import duoping, upnp
from marks import measure

PORT = 9180
CASTS, MOVES = 20, 20

class Watched:
    """What a screen says it does, asked as often as it answers."""
    def __init__(self, host):
        self.device = duoping.wait_until(lambda: self.describe(host), 20, 'the screen is there')
        self.samples, self.is_watched = [], True # (when, is playing, position s)
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def describe(self, host):
        try:
            return upnp.Device(f'http://{host.address}:{PORT}/upnp/description.xml')
        except OSError:
            return None

    def watch(self):
        while self.is_watched:
            begin = time.monotonic()
            # In this order: one that stops in between must not seem to play at 0.
            hours, minutes, seconds = self.device.AVTransport.call('GetPositionInfo', InstanceID=0)['RelTime'].split(':')
            state = self.device.AVTransport.call('GetTransportInfo', InstanceID=0)['CurrentTransportState']
            self.samples.append(((begin + time.monotonic()) / 2, state == 'PLAYING',
                                 3600 * int(hours) + 60 * int(minutes) + float(seconds)))
            time.sleep(0.005)

    def stop(self):
        self.is_watched = False
        self.thread.join()

def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]

def cast_to_playing(server, screen, item):
    taken = []
    for _ in range(CASTS):
        server.api('POST', f'/screens/{screen}/stop', {})
        time.sleep(0.3)
        begin = time.monotonic()
        server.api('POST', '/casts', {'screen': screen, 'item': item}, 201)
        duoping.wait_until(lambda: server.get(f'/screens/{screen}')['state'] == 'playing')
        taken.append(1000 * (time.monotonic() - begin))
    measure('cast to PLAYING, direct, p50', statistics.median(taken), 'ms', most=300)
    measure('cast to PLAYING, direct, p99', percentile(taken, 0.99), 'ms', most=800)

def judge(old, new, begin):
    """Between the last picture there and the first here: the gap (ms, less than 0: both played), and how far
    here is from where there would be (ms)."""
    played = [sample for sample in old if sample[1]]
    stopped, position = played[-1][0], played[-1][2]
    here = [sample for sample in new if sample[0] >= begin and sample[1]]
    first = next((b for a, b in zip(here, here[1:]) if b[2] > a[2]), None)
    if first is None:
        return None
    where = position + first[0] - stopped # the old screen, had it gone on
    return 1000 * (first[0] - stopped), 1000 * abs(first[2] - where)

def move(server, ids, watched, item):
    gaps, errors = [], []
    server.api('POST', '/casts', {'screen': ids[0], 'item': item}, 201)
    duoping.wait_until(lambda: server.get(f'/screens/{ids[0]}')['position_ms'] > 500)
    for number in range(MOVES):
        source, target = number % 2, 1 - number % 2
        for screen in watched:
            screen.samples.clear()
        begin = time.monotonic()
        server.api('POST', f'/screens/{ids[source]}/move', {'to': ids[target]})
        time.sleep(0.5)
        found = judge(list(watched[source].samples), list(watched[target].samples), begin)
        if found and number > 1: # how long each needs is learnt by the first two
            gaps.append(found[0])
            errors.append(found[1])
        server.api('POST', f'/screens/{ids[target]}/seek', {'position_ms': 1000})
        time.sleep(0.7)
    measure('hand-over, gap between pictures, p50', max(0, statistics.median(gaps)), 'ms', most=700)
    measure('hand-over, both play, p50', max(0, -statistics.median(gaps)), 'ms')
    measure('hand-over, position error, p50', statistics.median(errors), 'ms', most=300)
    measure('hand-over, position error, p90', percentile(errors, 0.9), 'ms')

def run(network, media):
    hosts = [network.host(name) for name in ('depot', 'lounge', 'bedroom')]
    library = os.path.join(duoping.folder(), 'library')
    shutil.copytree(media, library, ignore=lambda *_: ['.complete'])
    server = duoping.Server(hosts[0], library)
    screens = [duoping.Television(host, name, options=('--http-port', str(PORT)))
               for host, name in zip(hosts[1:], ('Lounge', 'Bedroom'))]
    server.wait_indexed(8)
    ids = [server.screen(screen.title)['id'] for screen in screens]
    item = server.search('night train')[0]['id']
    for id in ids: # the first film of a player takes its time
        server.api('POST', '/casts', {'screen': id, 'item': item}, 201)
        duoping.wait_until(lambda: server.get(f'/screens/{id}')['position_ms'] > 500, 30)
        server.api('POST', f'/screens/{id}/stop', {})
    cast_to_playing(server, ids[0], item)
    watched = [Watched(host) for host in hosts[1:]]
    for screen in watched:
        screen.thread.start()
    move(server, ids, watched, item)
    for screen in watched:
        screen.stop()
    for process in (*screens, server):
        process.stop()
