"""The page in Chromium with 100,000 pictures and the processor held back four times (tests/web/bench.mjs):
the first paint that is of use, keys, how soon all phones see what one did, what it weighs after 500 page changes."""
import json, os, subprocess

from marks import measure

def run(top, build, count):
    done = subprocess.run([os.path.join(top, 'tests', 'web', 'bench-page'), build, str(count)], stdout=subprocess.PIPE,
                          text=True, check=True)
    last = done.stdout.rstrip().splitlines()[-1]
    if '# SKIP' in last:
        print(f'The page is not measured: {last.partition("# SKIP ")[2]}', flush=True)
        return
    found = json.loads(last)
    measure('page, JavaScript before the player', found['javascript_bytes'] / 1000, 'kB', most=120)
    for name, paint_ms in found['first_paint_ms'].items():
        measure(f'page, first paint of {name}', paint_ms, 'ms')
    for name, paint_ms in found['useful_paint_ms'].items():
        measure(f'page, first useful paint of {name}', paint_ms, 'ms', most=500)
    for name, steps in found['steps'].items():
        for step, unit in (('data_asked', 'ms'), ('data_here', 'ms'), ('requests', ''), ('worked', 'ms'), ('scripts', 'ms'), ('layout', 'ms')):
            measure(f'  of it {name}, {step.replace("_", " ")}', steps[step + '_ms' * (unit == 'ms')], unit)
    measure('page, a key answered, p50', found['input_ms']['middle'], 'ms')
    measure('page, a key answered, p98', found['input_ms']['p98'], 'ms', most=100)
    measure('page, elements drawn for one key', found['elements_drawn_for_a_key'], '')
    measure(f"page, seen by {found['phones_ms']['phones']} phones, p50", found['phones_ms']['middle'], 'ms')
    measure(f"page, seen by {found['phones_ms']['phones']} phones, p98", found['phones_ms']['p98'], 'ms', most=300)
    measure('  of it the answer to who pressed, p50', found['phones_ms']['answer'], 'ms')
    for name, most in (('nodes', 10), ('listeners', 10), ('heap', 20)):
        measure(f'page, growth of {name} by 500 changes', found['growth_percent'][name], '%', most=most)
