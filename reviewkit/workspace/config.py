"""Settings of the person at the keyboard: environment first, then the user's own config file."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reviewkit.errors import BadConfig


@dataclass(frozen=True, slots=True)
class Settings:
    """Who is working and how servers are reached. What it holds is kept out of `repr`, so no log can show a key."""

    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    stored: Mapping[str, object] = field(default_factory=dict, repr=False)  # the config file's keys
    config: Path = Path()

    def value(self, variable: str) -> str:
        """What an environment variable says, else the file's key of that name without REVIEWKIT_, in lower case."""
        key = variable.removeprefix("REVIEWKIT_").lower()
        return self.environment.get(variable, "").strip() or str(self.stored.get(key, "")).strip()

    @property
    def cache(self) -> Path:
        """The user's folder for what may be lost at any time (XDG)."""
        home = self.environment.get("XDG_CACHE_HOME", "")
        return (Path(home) if Path(home).is_absolute() else _home() / ".cache") / "reviewkit"

    @property
    def reviewer(self) -> str:
        """The person at the keyboard, or ''."""
        return self.value("REVIEWKIT_REVIEWER")


def config_path(environment: Mapping[str, str]) -> Path:
    """Return where the user's config file is looked for (XDG; REVIEWKIT_CONFIG overrules)."""
    if given := environment.get("REVIEWKIT_CONFIG"):
        return Path(given)
    home = environment.get("XDG_CONFIG_HOME") or str(_home() / ".config")
    return Path(home) / "reviewkit" / "config.toml"


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings: REVIEWKIT_EMAIL, REVIEWKIT_REVIEWER, and keys and addresses of databases.

    Raises:
        BadConfig: the file is there and cannot be read, or is not TOML.
    """
    path = config_path(environment)
    stored: dict[str, object] = {}
    if path.exists():
        try:
            stored = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BadConfig(path=path, reason=error) from error
    return Settings(environment, stored, path)


def _home() -> Path:
    """The user's folder; the root where he has none, as in a container that is run under a number without a name."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/")
