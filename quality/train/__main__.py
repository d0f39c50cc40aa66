"""Fits every artefact anew, each after those it leans on."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if __name__ == "__main__":
    from quality.train import answers, calibrator, everyday, heads, language, ranking, reask, topics

    for part in (everyday, language, heads, topics, ranking, calibrator, reask, answers):
        part.main()
