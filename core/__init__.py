"""The engine of Voicelanes: sound in, speaker turns out. No Qt anywhere below this package."""

import os as _os

# onnxruntime reads it when it is loaded, and else sends its maker who uses it, from every process
# that runs a model: nothing here may be imported before this. Processes that are started by one of
# ours inherit it.
_os.environ["ORT_DISABLE_TELEMETRY"] = "1"
