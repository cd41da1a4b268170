"""Frozen values to JSON and back, for the columns and archives that hold them whole."""

import json
from collections.abc import Iterable
from dataclasses import asdict, fields, is_dataclass
from functools import lru_cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

VERSION = 1

T = TypeVar("T")


def encode(value: Any) -> str:
    """Write a dataclass of plain values, tuples and dataclasses as JSON."""
    return json.dumps({"v": VERSION, **asdict(value)}, ensure_ascii=False)


def decode(cls: type[T], text: str) -> T:
    """Read what ``encode`` wrote; unknown fields are ignored. Raises ValueError when it does not fit ``cls``."""
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return cast(T, _read(cls, data))


def _read(hint: Any, value: Any) -> Any:
    if is_dataclass(hint):
        return _dataclass(hint, value)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        optional = next(argument for argument in arguments if argument is not NoneType)
        return None if value is None else _read(optional, value)
    if origin is tuple and isinstance(value, list):
        # tuple[X, ...] is of any length, tuple[X, Y] of its own.
        hints = arguments[:1] * len(value) if arguments[1:] == (Ellipsis,) else arguments
        return tuple(_read(hint, item) for hint, item in _pairs(hints, value))
    if origin is dict and isinstance(value, dict):
        return {_read(arguments[0], key): _read(arguments[1], item) for key, item in value.items()}
    if origin is Literal and value in arguments:
        return value
    if hint is float and type(value) in (int, float):
        return _finite(value)
    if hint is str and type(value) is str:
        # A lone surrogate, which JSON can spell, fits into no database.
        value.encode()
    if origin is None and type(value) is hint:
        return value
    raise ValueError(f"{value!r:.80} is not {hint}")


def _pairs(hints: tuple[Any, ...], values: list[Any]) -> Iterable[tuple[Any, Any]]:
    if len(hints) != len(values):
        raise ValueError(f"{len(values)} values where {len(hints)} belong")
    return zip(hints, values, strict=True)


def _finite(value: float) -> float:
    if not isfinite(value):
        raise ValueError(f"{value} is not a number")
    return float(value)


def _dataclass(cls: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r:.80} is not {cls.__name__}")
    hints = _hints(cls)
    try:
        return cls(**{name: _read(hints[name], value[name]) for name in hints if name in value})
    except TypeError as error:
        raise ValueError(f"{cls.__name__}: {error}") from error


@lru_cache(maxsize=64)
def _hints(cls: Any) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {field.name: hints[field.name] for field in fields(cls)}
