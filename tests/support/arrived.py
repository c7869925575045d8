"""Films that tell by themselves whether they arrived well, and what looks at what arrived: every two
seconds a flash and a tone together, and a picture that is another one each second."""
import json, os, subprocess

FLASH = r"drawbox=t=fill:c=white:enable='lt(mod(t\,2)\,0.12)'"
TONE = r"volume='if(lt(mod(t\,2)\,0.12)\,1\,0.0001)':eval=frame"

def run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    assert done.returncode == 0, f'{command[0]}: {done.stderr.decode(errors="replace")[-600:]}'
    return done.stdout

def make_film(path, arguments, size='640x360', rate='25', seconds=12, channels=2, audio=True, pictures=''):
    """A film; arguments are ffmpeg's for the encoders."""
    command = ['ffmpeg', '-nostdin', '-loglevel', 'error', '-y', '-f', 'lavfi',
               '-i', f'testsrc2=size={size}:rate={rate}:duration={seconds},{FLASH}{pictures}']
    if audio:
        command += ['-f', 'lavfi', '-i', f'sine=frequency=1000:sample_rate=48000:duration={seconds},{TONE}',
                    '-ac', str(channels)]
    run(*command, *arguments.split(), path)
    return path

def make_sound(path, arguments, seconds=8):
    run('ffmpeg', '-nostdin', '-loglevel', 'error', '-y', '-f', 'lavfi',
        '-i', f'sine=frequency=440:sample_rate=44100:duration={seconds}', '-ac', '2', *arguments.split(), path)
    return path

def facts(path):
    """Streams by their type, and the container, as ffprobe has them."""
    found = json.loads(run('ffprobe', '-v', 'error', '-show_streams', '-show_format', '-of', 'json', path))
    return {**{s['codec_type']: s for s in found['streams']}, 'format': found['format']}

def lumas(path):
    """(time, mean brightness) of each frame, by its own time stamp."""
    text = run('ffprobe', '-v', 'error', '-f', 'lavfi', '-i', f"movie={path},scale=32:32,signalstats",
               '-show_entries', 'frame=pts_time:frame_tags=lavfi.signalstats.YAVG', '-of', 'csv=p=0').decode()
    return [tuple(map(float, line.split(',')[:2])) for line in text.split() if line.count(',') >= 1]

def tones(path):
    """When the tone begins, by the time stamps of the sound."""
    text = run('ffprobe', '-v', 'error', '-f', 'lavfi', '-i',
               f'amovie={path},aformat=channel_layouts=mono,asetnsamples=240,astats=metadata=1:reset=1',
               '-show_entries', 'frame=pts_time:frame_tags=lavfi.astats.Overall.RMS_level', '-of', 'csv=p=0').decode()
    found, was_loud = [], False
    for line in text.split():
        time, level = line.split(',')[:2]
        is_loud = level not in ('-inf', 'nan') and float(level) > -40
        if is_loud and not was_loud:
            found.append(float(time))
        was_loud = is_loud
    return found

def flashes(path):
    frames = lumas(path)
    return [time for (_, before), (time, now) in zip(frames, frames[1:]) if now > 225 > before]

def seconds(path):
    """How long it plays, by what is in it: of pictures where there are any."""
    info = facts(path)
    if 'video' in info:
        frames = lumas(path)
        return frames[-1][0] - frames[0][0] + (frames[-1][0] - frames[0][0]) / max(len(frames) - 1, 1)
    text = run('ffprobe', '-v', 'error', '-f', 'lavfi', '-i', f'amovie={path}', '-show_entries',
               'frame=pts_time', '-of', 'csv=p=0').decode().split()
    return float(text[-1].strip(',')) - float(text[0].strip(','))

def worst_sync(path):
    """The largest distance in seconds between a flash and the tone next to it."""
    tone_times = tones(path)
    flash_times = flashes(path)
    assert flash_times and tone_times, (flash_times, tone_times)
    return max(min(abs(flash - tone) for tone in tone_times) for flash in flash_times)

def picture(path, at, of=''):
    """16x9 grey levels of the frame at that time after the first."""
    return run('ffmpeg', '-nostdin', '-loglevel', 'error', '-i', path, '-ss', str(at), '-frames:v', '1', '-vf',
               f'{of}scale=16:9:flags=area,format=gray', '-f', 'rawvideo', '-')

def distance(a, b):
    """Mean difference of grey levels, 0 to 255."""
    assert len(a) == len(b) > 0, (len(a), len(b))
    return sum(abs(x - y) for x, y in zip(a, b)) / len(a)
