"""reviewkit: a systematic review that anyone can run again."""

__version__ = "0.1.0"
