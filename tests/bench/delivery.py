"""What delivery costs: a film converted and one put into another container, beside gst-launch-1.0 with the same
recipes and ffmpeg with the same encoder settings, in turns; and how soon the first octet of a stream comes."""
import glob, os, statistics, subprocess, sys, time, urllib.request

import duoping, upnplib
from marks import compare, measure

SECONDS, REMUX_SECONDS, TURNS = 20, 60, 3
X264 = ['-preset', 'veryfast', '-crf', '21', '-maxrate', '12000k', '-bufsize', '7200k', '-g', '50']

def ffmpeg(*arguments):
    subprocess.run(['ffmpeg', '-nostdin', '-loglevel', 'error', '-y', *arguments], check=True)

def films(folder):
    """A film to convert, and a large one whose streams go as they are."""
    os.makedirs(folder, exist_ok=True)
    convert, copy = os.path.join(folder, 'convert.mkv'), os.path.join(folder, 'copy.mkv')
    if not os.path.exists(convert):
        ffmpeg('-f', 'lavfi', '-i', f'testsrc2=size=1280x720:rate=25:duration={SECONDS},noise=alls=8:allf=t',
               '-f', 'lavfi', '-i', f'sine=frequency=440:duration={SECONDS}:sample_rate=48000', '-ac', '2',
               '-pix_fmt', 'yuv420p', '-c:v', 'mpeg4', '-q:v', '3', '-c:a', 'ac3', convert)
        ffmpeg('-stream_loop', str(REMUX_SECONDS // SECONDS), '-i', convert, '-c:v', 'libx264', '-preset', 'ultrafast',
               '-qp', '18', '-c:a', 'aac', '-t', str(REMUX_SECONDS), copy)
    return convert, copy

def recipe(top, name):
    with open(os.path.join(top, 'pipelines', 'recipes', name + '.launch')) as file:
        return ' ! '.join(line.strip() for line in file if line.strip() and not line.startswith('#'))

def gst_launch(top, film, to):
    """The very recipes of a worker, typed after gst-launch-1.0."""
    video = recipe(top, 'h264').replace('name=encoder', 'bitrate=12000').replace(' name=decoder', '')
    audio = recipe(top, 'aac').replace('name=encoder', 'bitrate=192000').replace(' name=decoder', '')
    text = (f'filesrc location={film} ! parsebin name=p  {recipe(top, "ts")} ! filesink location={to}  '
            f'p. ! video/mpeg ! queue ! {video} ! mux.  p. ! audio/x-ac3 ! queue ! {audio} ! mux.')
    return ['gst-launch-1.0', '-q', *text.split()]

def timed(command):
    begin, before = time.monotonic(), os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    return time.monotonic() - begin, sum(after[2:4]) - sum(before[2:4])

class Fetching:
    """Streams of a duopingd, and what they cost it and its workers."""
    def __init__(self, host, folder):
        self.server = duoping.Server(host, folder, options=['--log-level', 'warning'])
        self.server.wait_indexed(2)

    def address(self, name, profile):
        item = self.server.search(name)[0]['id']
        return self.server.url + self.server.get(f'/library/items/{item}/delivery?profile={profile}')['url']

    def fetch(self, address, to='/dev/null'):
        wall, _ = timed(['curl', '-sf', '-o', to, address])
        return wall

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
    server = ours.server
    address = ours.address('convert', 'ts-h264-aac')
    before = upnplib.cpu(server.pid)
    lasted = turns({
        'duoping': lambda: ours.fetch(address, out),
        'gst-launch': lambda: timed(gst_launch(top, convert, out))[0],
        'ffmpeg': lambda: timed(['ffmpeg', '-nostdin', '-y', '-i', convert, '-c:v', 'libx264', *X264, '-c:a', 'aac',
                                 '-b:a', '192k', '-f', 'mpegts', out])[0],
    })
    for name in ('gst-launch', 'ffmpeg'):
        compare('convert 720p to H.264', SECONDS / lasted['duoping'], SECONDS / lasted[name], 'x real', mark=0.95, name=name)
    spent = (upnplib.cpu(server.pid) - before) / TURNS
    measure('  duopingd itself', 100 * spent / (lasted['duoping'] * (os.cpu_count() or 1)), '% of the machine', most=3)
    size = os.path.getsize(copy) / 1e6
    for profile, form in (('ts-h264-aac', 'mpegts'), ('mp4-h264-aac', 'mp4')):
        address = ours.address('copy', profile)
        more = ['-movflags', 'frag_keyframe+empty_moov'] if form == 'mp4' else []
        lasted = turns({
            'duoping': lambda: ours.fetch(address, out),
            'ffmpeg': lambda: timed(['ffmpeg', '-nostdin', '-y', '-i', copy, '-c', 'copy', *more, '-f', form, out])[0],
        })
        compare(f'remux to {form}', size / lasted['duoping'], size / lasted['ffmpeg'], 'MB/s', mark=0.9, name='ffmpeg')
    os.unlink(out)
    address = ours.address('convert', 'ts-h264-aac')
    first = [ours.first_byte(address + f'?t=0.{number:03}') for number in range(11)]
    measure('first octet of a conversion, p50', statistics.median(first), 'ms', most=400)
    sought = [ours.first_byte(address + f'?t={number * 1.7 + 1.5:.1f}') for number in range(11)]
    measure('first octet after a seek, p50', statistics.median(sought), 'ms', most=600)
    server.stop()
