"""Measures smsctl and its peers over the corpora of peers.sh; writes docs/peers.svg and the table in docs/performance.md."""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys

SIZES = (1000, 10000)
BEGIN, END = "<!-- peers: written by benches/peers.sh -->\n", "<!-- end of peers -->\n"


def measure(commands, folder, home):
    """CPU seconds of the commands, one after the other, and the highest peak memory in MB."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "NO_COLOR": "1"}
    seconds, memory = 0.0, 0
    for command in commands:
        with open(os.devnull, "wb") as nowhere:
            child = subprocess.Popen(command, cwd=folder, env=environment, stdout=nowhere, stderr=subprocess.PIPE)
            said = child.stderr.read()
            _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        # 1 or 2 means findings; anything else that it could not run.
        if child.returncode not in (0, 1, 2) or (child.returncode and b"error:" in said.lower()[:40]):
            sys.exit(f"{command[0]} failed in {folder}: {said.decode(errors='replace')}")
        seconds += used.ru_utime + used.ru_stime
        memory = max(memory, used.ru_maxrss / 1024)
    return seconds, memory


def median(runs):
    return statistics.median(r[0] for r in runs), statistics.median(r[1] for r in runs)


def tools(smsctl, peers):
    """Label, shape of the corpus, commands, whether it starts without its cache."""
    decided = [[f"{peers}/decided", "validate", "decisions"], [f"{peers}/decided", "relationships", "decisions", "--validate"]]
    return [
        ("smsctl", "smsctl", [[smsctl, "check", "--format", "concise"]], False),
        ("Requiem", "requiem", [[f"{peers}/req", "suspect", "--quiet"]], False),
        ("Decided, first run", "decided", decided, True),
        ("Decided, from its cache", "decided", decided, False),
        ("rumdl", "smsctl", [[f"{peers}/rumdl", "check", "--no-cache", "--silent", "."]], False),
    ]


def results(smsctl, peers, corpus, rounds):
    home = corpus / "home"
    home.mkdir(exist_ok=True)
    out = {}
    for size in SIZES:
        runs = {}
        for _ in range(rounds):
            for label, shape, commands, cold in tools(smsctl, peers):
                if cold:
                    shutil.rmtree(home / ".cache", ignore_errors=True)
                runs.setdefault(label, []).append(measure(commands, corpus / shape / str(size), home))
        out[size] = {label: median(of) for label, of in runs.items()}
    return out


def table(measured):
    lines = ["| | " + " | ".join(f"{n:,} documents: CPU | memory" for n in SIZES) + " |", "| --- | --- | --- | --- | --- |"]
    for label in measured[SIZES[0]]:
        cells = [f"{measured[n][label][0]:.2f} s | {measured[n][label][1]:.0f} MB" for n in SIZES]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


STYLE = """text { font: 13px system-ui, sans-serif; fill: #1f2328 } .h { font-weight: 600 } .v { font-size: 12px }
rect { fill: #8c959f } .own { fill: #0969da }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } rect { fill: #6e7681 } .own { fill: #4493f8 } }"""


def chart(measured):
    """Bars of CPU seconds, one panel for each size, each with a scale of its own."""
    left, width, row, head = 180, 400, 24, 34
    panel = head + row * len(measured[SIZES[0]]) + 16
    body = []
    for nth, size in enumerate(SIZES):
        top, most = nth * panel, max(s for s, _ in measured[size].values())
        body.append(f'<text class="h" x="8" y="{top + 22}">{size:,} documents, CPU seconds</text>')
        for at, (label, (seconds, _)) in enumerate(measured[size].items()):
            y = top + head + at * row
            length = max(1.0, seconds / most * width)
            own = ' class="own"' if label == "smsctl" else ""
            body.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{label}</text>')
            body.append(f'<rect{own} x="{left}" y="{y + 1}" width="{length:.1f}" height="17"/>')
            body.append(f'<text class="v" x="{left + length + 6:.1f}" y="{y + 14}">{seconds:.2f}</text>')
    across, down = left + width + 60, panel * len(SIZES)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down}" width="{across}" height="{down}" role="img">\n'
        f"<title>CPU seconds of smsctl check and of other tools over the same documents</title>\n<style>{STYLE}</style>\n"
        + "\n".join(body)
        + "\n</svg>\n"
    )


def main():
    smsctl, peers, corpus, rounds = sys.argv[1:]
    measured = results(os.path.abspath(smsctl), peers, pathlib.Path(corpus), int(rounds))
    pathlib.Path("docs/peers.svg").write_text(chart(measured))
    page = pathlib.Path("docs/performance.md")
    text = page.read_text()
    before, rest = text.split(BEGIN)
    page.write_text(before + BEGIN + "\n" + table(measured) + "\n" + END + rest.split(END)[1])
    print(table(measured))


main()
