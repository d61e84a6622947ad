"""The measurement as a page with pictures: plain HTML and SVG, no script."""

from __future__ import annotations

from html import escape
from pathlib import Path

from actions.shelf import Shelf
from evaluation.judging import Judged
from evaluation.tables import Row, by_folder, by_kind, confusions, in_scope, row, rows

COLOURS = {"correct": "#2a9d6f", "clarified": "#8ecfb0", "declined": "#cfd6d3", "wrong": "#d1495b"}
LABELS = {"correct": "正しい", "clarified": "聞き返して正しい", "declined": "断り・聞き返し", "wrong": "誤り"}
FOLDERS = {
    "methodology": "方法論",
    "scheme": "制度の全体",
    "participation": "参加できる人",
    "requirements": "登録の要件",
    "forms": "通常型・プログラム型",
    "procedure": "手続き",
    "costs": "費用と支援",
    "trading": "売買・口座",
    "use": "使い道",
    "forest": "森林",
    "agriculture": "農業",
    "energy": "省エネ・再エネ",
    "region": "中国地域の事例",
    "contact": "窓口",
    "terms": "用語",
    "pitfalls": "よくある誤解",
}
STYLE = Path(__file__).with_name("page.css").read_text("utf-8")


def write_page(path: Path, plain: list[Judged], spelled: list[Judged], shelf: Shelf) -> None:
    """Writes the page."""
    whole = row("制度の質問", in_scope(plain))
    parts = [
        f"<h1>答えの正しさ</h1><p>{len(plain)}問。学習に使っていない質問に、いまのモデルと知識で答えた結果です。</p>",
        _section("制度の質問", _figures(whole) + key()),
        _section("種類ごと", bars(by_kind(plain))),
        _section("分類ごと（弱い順）", bars(_named(by_folder(plain, shelf)))),
        _section("難しさごと", bars(rows(in_scope(plain), lambda j: j.question.difficulty))),
    ]
    if spelled:
        changed = [whole, *rows(in_scope(spelled), lambda j: j.question.perturbed)]
        parts.append(_section("書き方を変えると", bars(changed)))
    parts.append(_section("確からしさと正しさ", reliability(in_scope(plain))))
    parts.append(_section("確からしいのに誤った答え", _mistakes(in_scope(plain))))
    meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head = f"<head>{meta}<title>答えの正しさ</title><style>{STYLE}</style></head>"
    body = f"<body><main>{''.join(parts)}</main></body>"
    path.write_text(f'<!doctype html><html lang="ja">{head}{body}</html>', encoding="utf-8")


def bars(found: list[Row]) -> str:
    """Stacked bars of the outcomes, one a group."""
    height, left, width = 30, 190, 560
    lines = []
    for number, item in enumerate(found):
        y, x = number * height, float(left)
        lines.append(f'<text x="{left - 10}" y="{y + 19}" text-anchor="end">{escape(item.name)}</text>')
        for outcome, colour in COLOURS.items():
            part = getattr(item, outcome) * width
            lines.append(f'<rect x="{x:.1f}" y="{y + 4}" width="{part:.1f}" height="21" fill="{colour}"/>')
            x += part
        said = f"{item.correct:.0%}・誤り{item.wrong:.1%}（{item.count}）"
        lines.append(f'<text x="{left + width + 10}" y="{y + 19}">{said}</text>')
    size = f"0 0 900 {len(found) * height + 6}"
    return f'<svg viewBox="{size}" role="img" aria-label="割合の棒グラフ">{"".join(lines)}</svg>'


def reliability(judged: list[Judged], steps: int = 10) -> str:
    """How often the best topic was right, by how sure the understanding was."""
    lines = ['<line x1="60" y1="250" x2="560" y2="10" stroke="#cfd6d3" stroke-dasharray="5 5"/>']
    for step in range(steps):
        inside = [j for j in judged if step / steps <= j.sure < (step + 1) / steps + (step == steps - 1)]
        if not inside:
            continue
        share = sum(j.outcome in ("correct", "clarified") for j in inside) / len(inside)
        x, y = 60 + (step + 0.5) / steps * 500, 250 - share * 240
        size = 4 + 14 * (len(inside) / len(judged)) ** 0.5
        lines.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size:.1f}" fill="#2a9d6f" fill-opacity=".75"/>')
        lines.append(f'<text x="{x:.0f}" y="{y - size - 5:.0f}" text-anchor="middle">{share:.0%}</text>')
    lines.append('<text x="60" y="272">確からしさ 0</text><text x="560" y="272" text-anchor="end">1</text>')
    return f'<svg viewBox="0 0 640 285" role="img" aria-label="確からしさごとの正答の割合">{"".join(lines)}</svg>'


def key() -> str:
    """What the colours mean."""
    spans = "".join(f'<span><i style="background:{COLOURS[name]}"></i>{label}</span>' for name, label in LABELS.items())
    return f'<p class="key">{spans}</p>'


def _figures(whole: Row) -> str:
    figures = {
        "正しい": whole.correct,
        "誤り": whole.wrong,
        "断り": whole.declined,
        "聞き返して正しい": whole.clarified,
    }
    return (
        '<div class="big">'
        + "".join(f"<div>{name}<b>{share:.1%}</b></div>" for name, share in figures.items())
        + "</div>"
    )


def _named(found: list[Row]) -> list[Row]:
    return [Row(FOLDERS.get(r.name, r.name), r.count, r.correct, r.wrong, r.declined, r.clarified) for r in found]


def _mistakes(judged: list[Judged]) -> str:
    lines = (
        f"<tr><td>{escape(j.question.id)}</td><td>{escape(j.question.text)}</td>"
        f"<td>{escape(said)}</td><td>{j.sure:.2f}</td></tr>"
        for j, said in confusions(judged, 40)
    )
    return f"<table><tr><th>番号</th><th>質問</th><th>答え</th><th>確からしさ</th></tr>{''.join(lines)}</table>"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"
