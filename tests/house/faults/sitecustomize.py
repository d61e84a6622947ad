"""Put on PYTHONPATH by tests/house: makes the action server fail on certain words, as a broken action would."""

import sys

if "actions.server" in sys.orig_argv:
    import time

    from actions import answer
    from actions.answering import answer_turn

    def faulty(turn, knowledge):
        if "こわれて" in turn.text:
            raise ValueError(f"broken on purpose: {turn.text}")
        if "かたまって" in turn.text:
            time.sleep(60)
        return answer_turn(turn, knowledge)

    answer.answer_turn = faulty  # type: ignore[attr-defined]
