"""The calculation cases of tests/calculations/, and the arithmetic written beside them."""

from __future__ import annotations

import ast
import operator
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "calculations"
SIGNS: dict[type[ast.operator], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: lambda base, power: base ** int(power),
}


def all_cases() -> list[dict[str, Any]]:
    """Every case of every file, in order."""
    return [case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


def by_hand(arithmetic: str) -> Fraction:
    """What the written arithmetic comes to, in fractions: nothing of the calculator is used."""
    return _worth(ast.parse(arithmetic, mode="eval").body)


def _worth(node: ast.expr) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(str(node.value))
    if isinstance(node, ast.UnaryOp):
        return -_worth(node.operand)
    assert isinstance(node, ast.BinOp)
    return SIGNS[type(node.op)](_worth(node.left), _worth(node.right))  # type: ignore[no-any-return]
