"""The review as frozen data, and the pure rules that say what follows from it. No I/O."""
