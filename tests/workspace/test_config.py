from pathlib import Path

import pytest

from reviewkit.errors import BadConfig
from reviewkit.workspace.config import Settings, config_path, load_settings


def test_the_environment_comes_before_the_users_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('email = "file@example.org"\nreviewer = "Ann"\nncbi_api_key = "k3y"\n')
    settings = load_settings({"REVIEWKIT_CONFIG": str(file), "REVIEWKIT_EMAIL": "env@example.org"})
    assert (settings.value("REVIEWKIT_EMAIL"), settings.reviewer, settings.value("NCBI_API_KEY")) == (
        "env@example.org",
        "Ann",
        "k3y",
    )
    assert settings.config == file


def test_without_a_file_nothing_is_set(tmp_path: Path) -> None:
    settings = load_settings({"XDG_CONFIG_HOME": str(tmp_path)})
    assert (settings.value("REVIEWKIT_EMAIL"), settings.reviewer, settings.value("REVIEWKIT_EUTILS_URL")) == (
        "",
        "",
        "",
    )
    assert settings.config == tmp_path / "reviewkit" / "config.toml" == config_path({"XDG_CONFIG_HOME": str(tmp_path)})


def test_a_key_is_in_no_log(tmp_path: Path) -> None:
    settings = load_settings({"XDG_CONFIG_HOME": str(tmp_path), "NCBI_API_KEY": "s3cret"})
    assert settings.value("NCBI_API_KEY") == "s3cret"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize("content", [b"email = nope", b"\xff\xfe"])
def test_a_file_that_is_not_readable_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    with pytest.raises(BadConfig, match=r"config\.toml is not readable"):
        load_settings({"REVIEWKIT_CONFIG": str(file)})


def test_the_cache_is_the_users_own_and_a_relative_one_is_ignored(tmp_path: Path) -> None:
    """The XDG specification has relative paths ignored."""
    assert Settings({"XDG_CACHE_HOME": str(tmp_path)}).cache == tmp_path / "reviewkit"
    for environment in ({}, {"XDG_CACHE_HOME": ""}, {"XDG_CACHE_HOME": "here"}):
        assert Settings(environment).cache == Path.home() / ".cache" / "reviewkit"


def test_who_has_no_home_works_without_settings_of_his_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container that is run under a number that no user has: HOME is not set, and nobody knows a folder."""
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("os.getuid", lambda: 999_999_999)
    with pytest.raises(RuntimeError):
        Path.home()
    settings = load_settings({})
    assert settings.config == Path("/.config/reviewkit/config.toml")
    assert settings.cache == Path("/.cache/reviewkit")
    assert settings.value("REVIEWKIT_EMAIL") == ""
