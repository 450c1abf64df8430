"""Settings of the person at the keyboard: environment first, then the user's own config file."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reviewkit.errors import BadConfig


@dataclass(frozen=True, slots=True)
class Settings:
    """Who is working and how servers are reached. Keys are kept out of `repr`, so no log can show them."""

    email: str = ""
    ncbi_api_key: str = field(default="", repr=False)
    eutils_url: str = ""  # base URL in place of NCBI's, for tests and mirrors
    reviewer: str = ""
    config: Path = Path()


def config_path(environment: Mapping[str, str]) -> Path:
    """Return where the user's config file is looked for (XDG; REVIEWKIT_CONFIG overrules)."""
    if given := environment.get("REVIEWKIT_CONFIG"):
        return Path(given)
    home = environment.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(home) / "reviewkit" / "config.toml"


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings, each from its environment variable or else from the file.

    Variables are REVIEWKIT_EMAIL, NCBI_API_KEY, REVIEWKIT_EUTILS_URL and REVIEWKIT_REVIEWER, the file's keys `email`,
    `ncbi_api_key`, `eutils_url` and `reviewer`.

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

    def find(variable: str, key: str) -> str:
        return environment.get(variable, "").strip() or str(stored.get(key, "")).strip()

    return Settings(
        email=find("REVIEWKIT_EMAIL", "email"),
        ncbi_api_key=find("NCBI_API_KEY", "ncbi_api_key"),
        eutils_url=find("REVIEWKIT_EUTILS_URL", "eutils_url"),
        reviewer=find("REVIEWKIT_REVIEWER", "reviewer"),
        config=path,
    )
