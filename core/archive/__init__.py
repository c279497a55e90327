"""Whole archives: who speaks when in every recording of some folders, and where the same voice is.

It runs on Dask distributed: queues, retries and transport are Dask's; where that isn't installed,
the window has a single process instead (:mod:`~core.archive.local`). The parts, in the order of
the work: :mod:`~core.archive.finding` the recordings, :mod:`~core.archive.job` what is done with
one, :mod:`~core.workers.cluster` processes here or elsewhere, :mod:`~core.archive.worker` one
recording in such a process, or a long one in several (:mod:`~core.archive.parts`),
:mod:`~core.archive.results` what is kept of it, :mod:`~core.archive.run` all of them,
:mod:`~core.archive.linking` voices over the whole archive, :mod:`~core.archive.tables` and
:mod:`~core.archive.report` what a person reads. Training does its work on Dask by
:mod:`~core.workers.pool`. The output folder::

    recordings/<folder>/<path>/talk.wav/   a folder for each recording, with
        talk.rttm ...                      the formats asked for
        talk.voicelanes.json, .npz         the meeting, to be opened in the window
        .voicelanes-archive.json           what it was made of: with it a second run does nothing
    summary.csv, summary.parquet           a row for each recording
    speakers.csv, speakers.parquet         a row for each speaker of each recording
    report.html                            all of it to read

Workers need not see the output folder: they return what is to be written. They do need the
recordings, by the same path or by a URL that fsspec reads, and the same version of Voicelanes.
"""
