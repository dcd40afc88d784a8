import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hello.logs import LEVELS


class ConfigError(Exception):
    """The message names every variable with a wrong value, the value and what is allowed."""


@dataclass(frozen=True)
class Config:
    host: str
    port: int
    log_level: str
    variant: str


def read_config(env: Mapping[str, str]) -> Config:
    """The configuration in `env`; a variable that is unset or empty has its default."""
    problems: list[str] = []

    def read[T](name: str, default: T, allowed: str, parse: Callable[[str], T]) -> T:
        text = env.get(name)
        if not text:
            return default
        try:
            return parse(text)
        except ValueError:
            problems.append(f"{name} is {json.dumps(text)}, it must be {allowed}")
            return default

    config = Config(
        host=read("HOST", "0.0.0.0", "an IP address such as 127.0.0.1", _ip),
        port=read("PORT", 8000, "a port number from 0 to 65535", _port),
        log_level=read("LOG_LEVEL", "info", f"one of {', '.join(LEVELS)}", _level),
        variant=read("VARIANT", "source", 'a word of up to 32 of a-z, 0-9 and "-"', _variant),
    )
    if problems:
        raise ConfigError("; ".join(problems))
    return config


def _ip(text: str) -> str:
    return str(ipaddress.ip_address(text))


def _port(text: str) -> int:
    # int() alone would take " 80", "8_0" and "٨٠" too.
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise ValueError
    return int(text)


def _level(text: str) -> str:
    if text not in LEVELS:
        raise ValueError
    return text


def _variant(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{1,32}", text):
        raise ValueError
    return text
