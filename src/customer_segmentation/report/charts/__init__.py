"""Every chart once: report, dashboard and pictures call the same functions, which turn frames into Altair charts."""
