"""Recording a meeting from the microphone."""
