"""The widget's main states, as replies that bring them about."""

from __future__ import annotations

from typing import Any

from actions import reply

SAY = {"type": "say", "text": "はい"}
SEED = {
    "title": "令和4年度 Ｊ－クレジット制度推進のための地域支援事業 説明資料",
    "as_of": "令和4年度の資料",
    "status": "verified",
}
Replies = list[dict[str, Any]]


def choices(*labels: str) -> list[dict[str, Any]]:
    return [reply.choice(label, SAY) for label in labels]


def answer() -> Replies:
    text = (
        "岡山空港ターミナル株式会社が、国際線出発ロビーの照明を水銀灯からLEDに替えた通常型の事例です。"
        "更新前は約190,000kWh/年、更新後は約40,000kWh/年になりました。CO2の削減は約80t-CO2/年です。"
        "令和4年度の資料による数字です。"
    )
    related = choices("くわしく", "岡山空港の登録の内容は", "創出の事例をまとめて知りたい")
    return [reply.message("answer", text, sources=[SEED], choices=related)]


def number() -> Replies:
    ask = {"field": "el_before", "type": "number", "unit": "kWh/年", "optional": True}
    text = "（2/4）取組の前は、1年間に電気をどれだけ使っていましたか（例：190,000 kWh）。"
    return [reply.message("question", text, ask=ask, choices=choices("わからない", "なぜ聞くの？", "戻る"))]


def date() -> Replies:
    text = "（3/8）設備を使い始めた日（予定でもかまいません）はいつですか。"
    return [
        reply.message(
            "question", text, ask={"field": "C02", "type": "date"}, choices=choices("わからない", "なぜ聞くの？")
        )
    ]


def checks() -> Replies:
    text = "（5/8）次のうち、当てはまるものをすべて選んでください。"
    boxes = choices(
        "国の補助金を使う", "県や市の補助金を使う", "グリーン電力証書を発行している", "どれにも当てはまらない"
    )
    ask = {"field": "C06", "fields": ["C06", "C07", "C10"], "type": "checks"}
    return [reply.message("question", text, ask=ask, choices=boxes)]


def email() -> Replies:
    return [
        reply.message(
            "question", "（4/6）ご連絡先のメールアドレスを教えてください。", ask={"field": "email", "type": "email"}
        )
    ]


def slots() -> Replies:
    ask = {"field": "slot", "type": "choice"}
    times = choices("11月25日（水）10:00", "11月25日（水）14:00", "11月26日（木）13:00", "ほかの日時")
    return [reply.message("slots", "ご希望の日時を選んでください。", ask=ask, choices=times)]


def estimate(card: dict[str, Any]) -> Replies:
    more = choices("数字を直す", "対象になるか調べる", "相談を予約する")
    return [reply.message("estimate", "計算しました。", card={**card, "print_url": "/cases/x"}, choices=more)]


def verdict(card: dict[str, Any], outcome: str = "needs_check") -> Replies:
    reasons = [
        {"rule_id": "C01", "outcome": "likely", "text": "国内の活動です。", "source": "M18、M19", "status": "verified"},
        {
            "rule_id": "C02",
            "outcome": outcome,
            "text": "始めた日を、書類で確かめる必要があります。",
            "source": "M18",
            "status": "reference",
        },
    ]
    data = {
        "type": "verdict",
        "id": "v1",
        "print_url": "/cases/v1",
        "verdict": outcome,
        "project_form": "either",
        "methodology_ids": ["EN-S-006"],
        "reasons": reasons,
        "todo": ["検収書や工事完了報告など、始めた日の分かる書類を用意する", "更新前の照明の台数と消費電力を確かめる"],
        "estimate": card,
    }
    more = choices("試算を直す", "別の設備で調べる", "相談を予約する")
    return [reply.message("verdict", "うかがった内容から、次のように考えられます。", card=data, choices=more)]


def booking(status: str = "confirmed") -> Replies:
    card = {
        "type": "booking",
        "booking_id": "B-20261125-01",
        "status": status,
        "start": "2026-11-25T14:00:00+09:00",
        "end": "2026-11-25T15:00:00+09:00",
        "kind": "web",
        "manage_url": "/bookings/abc",
        "ics_url": "/bookings/abc.ics",
    }
    return [reply.message("booking", "予約を承りました。確認のメールをお送りします。", card=card)]


def decline() -> Replies:
    text = "申し訳ありません。そのご質問は、手もとの資料では分かりません。担当者への相談を予約できます。"
    return [reply.message("decline", text, choices=choices("相談を予約する", "対象になるか調べる", "担当者と話す"))]


def plain() -> Replies:
    return [reply.message("answer", "難しい言葉の答えです。", plain_text="やさしい答えです。", sources=[SEED])]


def clarify() -> Replies:
    return [
        reply.message(
            "clarify", "どのことについてお知りになりたいですか。", choices=choices("費用", "期間", "どれでもない")
        )
    ]


def staff() -> Replies:
    return [{"role": "staff", **reply.message("answer", "担当の山田です。")}]


def every_state(card: dict[str, Any]) -> dict[str, Replies]:
    """All states by name."""
    return {
        "answer": answer(),
        "number": number(),
        "date": date(),
        "checks": checks(),
        "email": email(),
        "slots": slots(),
        "estimate": estimate(card),
        "verdict-likely": verdict(card, "likely"),
        "verdict-needs-check": verdict(card, "needs_check"),
        "verdict-unlikely": verdict(card, "unlikely"),
        "booking": booking(),
        "booking-held": booking("held"),
        "plain": plain(),
        "clarify": clarify(),
        "staff": staff(),
        "decline": decline(),
    }
