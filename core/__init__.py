"""The engine of Voicelanes: sound in, speaker turns out. No Qt anywhere below this package."""
