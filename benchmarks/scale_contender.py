"""Run one contender on one database and tell its steps, one line of JSON each; `benchmark_scale.py` calls this."""

import json
import sys
from pathlib import Path

import ours
import peers
from bounded import Log
from scale_data import TABLE

OURS = "this project"
LABELS = {
    OURS: "this project",
    "scikit_learn": "scikit-learn KMeans",
    "intelex": "scikit-learn-intelex KMeans",
    "clever_user": "a clever user (sample, then scikit-learn-intelex)",
    "mini_batch": "scikit-learn MiniBatchKMeans",
    "faiss_sample": "faiss, as it is set (samples)",
    "faiss_all": "faiss, all customers",
    "spark": "Spark KMeans",
}


def run(contender: str, task: peers.Task, log: Log) -> None:
    """Do the task as the contender does it.

    Parameters
    ----------
    contender : str
        Key of `LABELS`.
    task : Task
        What to do.
    log : Log
        Where to tell it.
    """
    if contender == OURS:
        centers = ours.fit_sweep(task.database, TABLE, task.ks, task.starts, task.chosen, log.finished)
        log.found(centers=[[float(value) for value in center] for center in centers])
    else:
        getattr(peers, contender)(task, log)


if __name__ == "__main__":
    asked = json.loads(sys.argv[2])
    run(sys.argv[1], peers.Task(**asked | {"database": Path(asked["database"])}), Log())
