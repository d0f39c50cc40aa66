"""Prints the quality report; exits 1 where an aim on the kept half is missed (`--lenient` does not)."""

import argparse
import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> int:
    """Read both halves in every shape and print a table each."""
    from quality import answers, public, reask, report  # noqa: PLC0415 - numpy reads the number of threads when it is imported

    parser = argparse.ArgumentParser(prog="python -m quality", description=__doc__)
    parser.add_argument("--half", choices=("open", "kept"), help="one half only")
    parser.add_argument("--words-only", action="store_true", help="as if the encoder were missing")
    parser.add_argument("--lenient", action="store_true", help="exit 0 whatever the figures")
    chosen = parser.parse_args()
    halves = (chosen.half,) if chosen.half else ("open", "kept")
    missed = []
    for half in halves:
        for shape in ("as written", "with typos", "abbreviated"):
            by_language = {
                code: report.read(half, code, report.changes(code)[shape], meaning=not chosen.words_only)
                for code in report.LANGUAGES
            }
            every = [one for reads in by_language.values() for one in reads]
            print(f"\n{half}, {shape}: {len(every)} messages" + (", words only" if chosen.words_only else ""))
            print(f"  {'':36}{'all':>7}{'':>12}" + "".join(f"{code:>7}" for code in by_language))
            columns = [report.figures(reads) for reads in by_language.values()]
            for number, figure in enumerate(report.figures(every)):
                aim = "" if figure.aim is None else f"{'≤' if figure.below else '≥'} {figure.aim:.2f}"
                parts = "".join(f"{column[number].share:7.3f}" for column in columns)
                mark = "" if figure.met else "  missed"
                print(f"  {figure.name:36}{figure.share:7.3f}{aim:>12}{parts}{mark}")
                if half == "kept" and shape == "as written" and not figure.met:
                    missed.append(figure.name)
    for half in halves:
        drafts = reask.figures(half, meaning=not chosen.words_only)
        print(f"\n{half}, drafts of agents\n  {'':36}{'':>12}" + "".join(f"{code:>7}" for code in drafts))
        for pair in zip(*drafts.values(), strict=True):
            parts = "".join(f"{figure.share:7.3f}" for figure in pair)
            is_met = all(figure.met for figure in pair)
            aim = f"≥ {pair[0].aim:.2f}"
            print(f"  {pair[0].name:36}{aim:>12}{parts}{'' if is_met else '  missed'}")
            if half == "kept" and not is_met:
                missed.append(pair[0].name)
    for half in halves:
        below = answers.show(half)
        missed += below if half == "kept" else []
    public.show(meaning=not chosen.words_only)
    print()
    for figure in report.lexicon_figures(halves):
        print(f"  {figure.name:50}{figure.share:7.4f}  ({figure.of:.0f}){'' if figure.met else '  missed'}")
        if not figure.met:
            missed.append(figure.name)
    if missed:
        print(f"\nbelow the aim: {', '.join(missed)}")
    return 1 if missed and not chosen.lenient else 0


if __name__ == "__main__":
    sys.exit(main())
