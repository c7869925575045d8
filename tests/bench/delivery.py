"""What delivery costs: a film converted and one put into another container, beside gst-launch-1.0 with the same
recipes and ffmpeg with the same encoder settings, in turns; how soon the first octet of a stream comes; and what
files as they are lose while somebody watches what is converted."""
import os, statistics, subprocess, time, urllib.parse, urllib.request

import duoping, streams, upnplib
from marks import better, compare, measure

SECONDS, LONG_SECONDS, TURNS = 20, 60, 3
AHEAD_S = 6 # a conversion runs ahead of who watches it, until its ring is full
X264 = ['-preset', 'veryfast', '-crf', '21', '-maxrate', '12000k', '-bufsize', '7200k', '-g', '50']

def ffmpeg(*arguments):
    subprocess.run(['ffmpeg', '-nostdin', '-loglevel', 'error', '-y', *arguments], check=True)

def films(folder):
    """A film to convert, a large one whose streams go as they are, and a long one to convert."""
    os.makedirs(folder, exist_ok=True)
    convert, copy, watch = (os.path.join(folder, f'{name}.mkv') for name in ('convert', 'copy', 'watch'))
    if not os.path.exists(watch):
        ffmpeg('-f', 'lavfi', '-i', f'testsrc2=size=1280x720:rate=25:duration={SECONDS},noise=alls=8:allf=t',
               '-f', 'lavfi', '-i', f'sine=frequency=440:duration={SECONDS}:sample_rate=48000', '-ac', '2',
               '-pix_fmt', 'yuv420p', '-c:v', 'mpeg4', '-q:v', '3', '-c:a', 'ac3', convert)
        again = ['-stream_loop', str(LONG_SECONDS // SECONDS), '-i', convert, '-t', str(LONG_SECONDS)]
        ffmpeg(*again, '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '18', '-c:a', 'aac', copy)
        ffmpeg(*again, '-c', 'copy', watch)
    return convert, copy

def recipe(top, name):
    with open(os.path.join(top, 'pipelines', 'recipes', name + '.launch')) as file:
        return ' ! '.join(line.strip() for line in file if line.strip() and line[0] not in '#+') # "+": for subtitles

def gst_launch(top, film, to):
    """The very recipes of a worker, typed after gst-launch-1.0."""
    video = recipe(top, 'h264').replace('name=encoder', 'bitrate=12000').replace(' name=decoder', '')
    audio = recipe(top, 'aac').replace('name=encoder', 'bitrate=192000').replace(' name=decoder', '')
    text = (f'filesrc location={film} ! parsebin name=p  {recipe(top, "ts")} ! filesink location={to}  '
            f'p. ! video/mpeg ! queue ! {video} ! mux.  p. ! audio/x-ac3 ! queue ! {audio} ! mux.')
    return ['gst-launch-1.0', '-q', *text.split()]

def timed(command):
    begin = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - begin

class Fetching:
    """Streams of a duopingd, and what they cost it and its workers."""
    name = 'duoping'
    def __init__(self, host, folder):
        self.server = duoping.Server(host, folder, options=['--log-level', 'warning'])
        self.server.wait_indexed(3)
        self.pid = self.server.pid

    def large_url(self):
        return self.server.url + urllib.parse.urlsplit(self.server.search('copy')[0]['url']).path

    def address(self, name, profile):
        item = self.server.search(name)[0]['id']
        return self.server.url + self.server.get(f'/library/items/{item}/delivery?profile={profile}')['url']

    def fetch(self, address, to='/dev/null'):
        return timed(['curl', '-sf', '-o', to, address])

    def share(self, address):
        """How much of the CPU that a stream costs is duopingd's own, the rest its worker's; in percent."""
        before = upnplib.cpu_alone(self.pid), upnplib.cpu(self.pid)
        self.fetch(address)
        time.sleep(1) # the worker ends, and is counted
        return 100 * (upnplib.cpu_alone(self.pid) - before[0]) / (upnplib.cpu(self.pid) - before[1])

    def first_byte(self, address):
        begin = time.monotonic()
        with urllib.request.urlopen(address, timeout=60) as reply:
            assert reply.read(1)
            return (time.monotonic() - begin) * 1000

def turns(ways):
    """Each in turn, several times; the middle of each."""
    times = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, way in ways.items():
            times[name].append(way())
    return {name: statistics.median(values) for name, values in times.items()}

def run(top, work, network):
    folder = os.path.join(os.path.abspath(work), 'delivery')
    convert, copy = films(folder)
    out = os.path.join(os.path.abspath(work), 'delivery.out')
    ours = Fetching(network.host('films'), folder)
    address = ours.address('convert', 'ts-h264-aac')
    lasted = turns({
        'duoping': lambda: ours.fetch(address, out),
        'gst-launch': lambda: timed(gst_launch(top, convert, out)),
        'ffmpeg': lambda: timed(['ffmpeg', '-nostdin', '-y', '-i', convert, '-c:v', 'libx264', *X264, '-c:a', 'aac',
                                 '-b:a', '192k', '-f', 'mpegts', out]),
    })
    for name in ('gst-launch', 'ffmpeg'):
        compare('convert 720p to H.264', SECONDS / lasted['duoping'], SECONDS / lasted[name], 'x real', mark=0.95, name=name)
    share = statistics.median(ours.share(address) for _ in range(TURNS))
    measure('  duopingd itself', share, '% of its CPU', most=3)
    size = os.path.getsize(copy) / 1e6
    for profile, form in (('ts-h264-aac', 'mpegts'), ('mp4-h264-aac', 'mp4')):
        address = ours.address('copy', profile)
        more = ['-movflags', 'frag_keyframe+empty_moov'] if form == 'mp4' else []
        lasted = turns({
            'duoping': lambda: ours.fetch(address, out),
            'ffmpeg': lambda: timed(['ffmpeg', '-nostdin', '-y', '-i', copy, '-c', 'copy', *more, '-f', form, out]),
        })
        compare(f'remux to {form}', size / lasted['duoping'], size / lasted['ffmpeg'], 'MB/s', mark=0.9, name='ffmpeg')
    os.unlink(out)
    address = ours.address('convert', 'ts-h264-aac')
    first = [ours.first_byte(address + f'?t=0.{number:03}') for number in range(11)]
    measure('first octet of a conversion, p50', statistics.median(first), 'ms', most=400)
    sought = [ours.first_byte(address + f'?t={number * 1.7 + 1.5:.1f}') for number in range(11)]
    measure('first octet after a seek, p50', statistics.median(sought), 'ms', most=600)
    beside_direct(ours)
    ours.server.stop()

def beside_direct(ours):
    """64 files as they are, alone and while a set watches what is converted, in turns."""
    address, length = ours.address('watch', 'ts-h264-aac'), LONG_SECONDS
    with urllib.request.urlopen(address) as reply:
        size = sum(len(block) for block in iter(lambda: reply.read(1 << 20), b''))
    alone, beside = [], []
    for _ in range(TURNS):
        alone.append(streams.once(ours, 'streams')['MBps'])
        watching = subprocess.Popen(['curl', '-sf', '--limit-rate', str(size // length), '-o', '/dev/null', address])
        time.sleep(AHEAD_S)
        beside.append(streams.once(ours, 'streams')['MBps'])
        assert watching.poll() is None, 'nobody watched any more'
        watching.kill()
        watching.wait()
    ratio = statistics.median(better(*pair) for pair in zip(beside, alone))
    compare('64 streams while one is converted', statistics.median(beside), statistics.median(alone), 'MB/s', mark=0.9,
            name='alone', ratio=ratio)
