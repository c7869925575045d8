"""From glass to glass: one X11 screen is mirrored to a duoping-tv on another; both are seen here. A row of black
and white fields, painted thirty times a second, says which picture it is; how long each takes to come out on
the other screen is the delay, whatever the programs say of it."""
import ctypes, json, re, signal, statistics, threading, time

import duoping
from marks import measure

WIDTH, HEIGHT, FIELD, SECONDS = 1280, 720, 40, 20

class Glass:
    """One X11 screen by Xlib."""
    def __init__(self, environment):
        self.x = ctypes.CDLL('libX11.so.6')
        for name in ('XOpenDisplay', 'XCreateGC', 'XGetImage'):
            getattr(self.x, name).restype = ctypes.c_void_p
        for name in ('XDefaultRootWindow', 'XGetPixel'):
            getattr(self.x, name).restype = ctypes.c_ulong
        self.display = ctypes.c_void_p(self.x.XOpenDisplay(environment['DISPLAY'].encode()))
        assert self.display, environment
        self.root = ctypes.c_ulong(self.x.XDefaultRootWindow(self.display))
        self.gc = ctypes.c_void_p(self.x.XCreateGC(self.display, self.root, ctypes.c_ulong(0), None))

    def fill(self, x, y, width, height, colour):
        self.x.XSetForeground(self.display, self.gc, ctypes.c_ulong(colour))
        self.x.XFillRectangle(self.display, self.root, self.gc, x, y, width, height)

    def paint(self, number):
        """Eight fields of the number, and eight of what it is not."""
        for field in range(16):
            bit = (number >> field % 8 & 1) ^ (field >= 8)
            self.fill(field * FIELD, 0, FIELD, FIELD, 0xffffff if bit else 0)
        self.fill(0, 200 + number % 64 * 4, WIDTH, 200, 0x104080 + number * 0x010305) # something to encode
        self.x.XSync(self.display, 0)

    def read(self):
        """The number that is shown; None: half of one."""
        image = ctypes.c_void_p(self.x.XGetImage(self.display, self.root, 0, FIELD // 2, 16 * FIELD, 1,
                                                 ctypes.c_ulong(0xffffff), 2))
        bits = [self.x.XGetPixel(image, field * FIELD + FIELD // 2, 0) >> 8 & 0xff for field in range(16)]
        self.x.XDestroyImage(image)
        if any(bit in range(80, 176) for bit in bits):
            return None
        value = lambda half: sum((bit > 127) << place for place, bit in enumerate(half))
        return value(bits[:8]) if value(bits[:8]) == value(bits[8:]) ^ 0xff else None

def watch(there, here, seconds):
    """How long each picture took from there to here, in ms."""
    painted, delays, is_painting = {}, [], True
    def paint():
        due, number = time.monotonic(), 0
        while is_painting:
            there.paint(number % 256)
            painted[number % 256] = time.monotonic()
            number, due = number + 1, due + 1 / 30
            time.sleep(max(0, due - time.monotonic()))
    painter = threading.Thread(target=paint)
    painter.start()
    end, last = time.monotonic() + seconds, None
    while time.monotonic() < end:
        number, now = here.read(), time.monotonic()
        if number is not None and number != last and number in painted:
            delays.append(1000 * (now - painted[number]))
        last = number if number is not None else last
        time.sleep(0.003)
    is_painting = False
    painter.join()
    return delays

def run(network):
    source, target = (duoping.x_screen(f'{WIDTH}x{HEIGHT}') for _ in range(2))
    server = duoping.Server(network.host('hall'), duoping.folder())
    screen = duoping.Process([duoping.program('duoping-tv'), '--name', 'Wall', '-s', duoping.folder(), '-i',
                              (stage := network.host('stage')).interface, '--video-sink', 'ximagesink', '--audio-sink',
                              'fakeaudiosink sync=true'], stage, target)
    id = server.screen('Wall')['id']
    there, here = Glass(source), Glass(target)
    mirror = duoping.Process([duoping.program('duoping'), '--server', server.url, '--json', 'mirror', '--to', 'Wall'],
                             network.host('desk'), source)
    duoping.wait_until(lambda: server.get(f'/screens/{id}')['position_ms'] > 1000, 30, 'it is shown')
    delays = watch(there, here, SECONDS)
    measure('mirror, glass to glass, p50', statistics.median(delays), 'ms', most=250)
    measure('mirror, glass to glass, p99', sorted(delays)[int(0.99 * len(delays))], 'ms')
    told = [json.loads(said)['delay_ms'] for said in re.findall(r'\{\s*"delay_ms"[^}]*\}', mirror.output())]
    measure('mirror, delay as it says it, less what was seen', told[-1] - statistics.median(delays), 'ms')
    measure('mirror, pictures seen of 600', len(delays), 'pictures')
    assert mirror.stop(signal.SIGINT) == 0, mirror.output()
    for process in (screen, server):
        process.stop()
