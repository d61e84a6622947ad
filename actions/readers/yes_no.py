"""Yes and no in the forms that people use, dialect and hesitation included."""

from __future__ import annotations

import re

from actions.readers.common import Context, Reading, kana

PERHAPS = re.compile(r"たぶん|多分|おそらく|恐らく|と思|かも|はず|だいたい|大体|っぽい|気がする")
QUESTION = re.compile(r"[?？]$|(です|ます|でしょう)か$|(って|とは)(何|なに|なん)$")
UNKNOWN = re.compile(r"(わか|分か|解|判)(ら|り)(な|ま|ん|へん|ず)|知ら(な|ん)|知りません|不明|覚えて(い)?(な|ま)")
YES = re.compile(
    r"^(?:はいは?い?|うん+|うむ|ええ|えぇ|おう|そう(?!いう|じゃな|ではな|でもな|とは)(?:です|だ|や|じゃ|なん|やね|だね)*|ほうじゃ|ほうよ|せや|イエス|いえす|yes|y|ok|おっけー?|おけ|おーけー?"
    r"|もちろん|勿論|当然|その通り|そのとおり|了解|りょうかい|合って(?:い)?(?:る|ます)|あって(?:い)?(?:る|ます)|正しい|間違いな|まちがいな|あたり|いいです(?:よ)?$|○|〇|まる$)"
)
NO = re.compile(
    r"^(?:いいえ|いえ(?!す)|いや|いやいや|ううん|うんにゃ|のー$|no$|n$|nope|ちゃう|ちがう|違う|ちがい|違い|違っ|ちがっ|そうじゃな|そうではな|そうでもな|ほうじゃな|なし$|無し$|×|ばつ$|だめ|ノー$|まさか|全然|ぜんぜん|まったく|全く|べつに|別に$|とくに|特に)"
)
NEGATED = re.compile(
    r"(?:ない|無い|ません|ませんでした|なかった|ねえ|ねー|へん|やん|とらん|とりません|てない|せん|しとらん|おらん|ありゃせん|あらへん|もらわん|無し|なし|ゼロ|0件)(?:です|でした|よ|ね|わ|のう|なあ|けど|んです|と思います|と思う|はず(?:です)?|かも)*[。.!！ ]*$"
)
AFFIRMED = re.compile(
    r"(?:あります|ある|あった|ありました|しています|している|してます|してる|しとる|しとります|しました|した|います|いる|おる|受けます|受ける|受けた|受けました|受けて(?:い)?(?:る|ます)|もらった|もらいました|もらいます|もらう|貰った|使います|使う|やっとる|やって(?:い)?(?:る|ます)|やる|やります|済み|済んで(?:い)?(?:る|ます)|可能です|できます|できる|持って(?:い)?(?:る|ます)|残って(?:い)?(?:る|ます)|とって(?:い)?(?:る|ます)|取って(?:い)?(?:る|ます)|国内です|あり|有り|なる|なります)(?:よ|ね|わ|のう|なあ|けど|んです|と思います|と思う|はず(?:です)?|かも|予定(?:です)?|つもり(?:です)?)*[。.!！ ]*$"
)
DOUBLE = re.compile(r"(ない|無い)(こと|わけ)(も|は|では)?(ない|ありません)|なくはない")


def read(text: str, context: Context) -> Reading | None:
    """True or False; less sure for 「たぶん」. None for a question, 「わからない」 or anything else."""
    said = kana(text).strip("。、.!！ 〜~ー…")
    if not said or QUESTION.search(said) or UNKNOWN.search(said):
        return None
    bare = PERHAPS.sub("", said).strip("、, 。") if PERHAPS.match(said) else said
    found = _decide(bare)
    if found is None:
        return Reading(True, 0.55, "はい（たぶん）") if PERHAPS.fullmatch(said) else None
    value, sure = found
    if PERHAPS.search(said):
        return Reading(value, min(sure, 0.65), "はい（たぶん）" if value else "いいえ（たぶん）")
    return Reading(value, sure, "はい" if value else "いいえ")


def _decide(said: str) -> tuple[bool, float] | None:
    if DOUBLE.search(said):
        return True, 0.6
    if NO.match(said):
        return False, 0.95
    if YES.match(said):
        rest = YES.sub("", said, count=1).lstrip("、, 。")
        return (False, 0.6) if rest and NEGATED.search(rest) and not _soft(rest) else (True, 0.95)
    if NEGATED.search(said):
        return False, 0.85
    if AFFIRMED.search(said):
        return True, 0.8
    return None


def _soft(rest: str) -> bool:
    """「はい、間違いない」「はい、問題ありません」 still mean yes."""
    return bool(re.search(r"(間違い|まちがい|問題|異論|かまい|構い|差し支え)(は)?(な|あり|ませ)", rest))
