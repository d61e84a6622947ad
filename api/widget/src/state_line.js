// The line above the input: what is going on right now, worst first.
const HANDOFFS = { waiting: "担当者を呼んでいます。そのままお待ちください。", staff: "担当者が対応しています。" };

class StateLine {
  constructor(panel) {
    this.panel = panel;
    this.trouble = null;
    this.progress = "";
    this.handoff = "bot";
    this.shown = "";
  }

  setTrouble(failure) {
    this.trouble = failure;
    this.render();
  }

  setHandoff(handoff) {
    this.handoff = handoff;
    this.render();
  }

  setBusy(busy) {
    clearTimeout(this.slow);
    clearTimeout(this.verySlow);
    if (busy) {
      // Quick answers need no word in between.
      this.slow = setTimeout(() => this.setProgress("回答を準備しています"), 400);
      this.verySlow = setTimeout(() => this.setProgress("もう少しお待ちください"), 4000);
    }
    this.setProgress("");
  }

  setProgress(text) {
    this.progress = text;
    this.render();
  }

  render() {
    const parts = this.parts();
    if (parts[0] === this.shown) return;
    this.shown = parts[0];
    const { state, scroller } = this.panel;
    const atEnd = scroller.scrollTop + scroller.clientHeight > scroller.scrollHeight - 40;
    state.replaceChildren(...parts.filter(Boolean));
    state.classList.toggle("trouble", Boolean(this.trouble));
    // The line takes room from the history; its end stays in sight.
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  }

  parts() {
    if (this.trouble) return this.troubleParts(this.trouble);
    if (this.progress) return [this.progress, el("span", { class: "dots", "aria-hidden": "true" })];
    return [HANDOFFS[this.handoff] || ""];
  }

  troubleParts({ status, message, passes }) {
    const again = button("今すぐ試す", hurry, "plain");
    if (status === 503) return ["準備中です。整いしだい、自動で続けます。 ", again];
    if (passes && status !== 429) return ["サーバーにつながりません。つながりしだい、自動で続けます。 ", again];
    return [message];
  }
}
