// Ties window and conversation together.
class Assistant {
  constructor(host) {
    this.seen = new Set();
    this.unmatched = [];
    this.worded = new Map();
    this.isPlain = false;
    this.panel = createPanel({
      toggle: () => (this.isOpen ? this.close() : this.open()),
      close: () => this.close(),
      cancel: (event) => this.cancel(event),
      key: (event) => this.key(event),
      say: (text) => this.say(text),
      person: () => this.say("担当者と話したい"),
      erase: () => this.askErase(),
      plain: () => this.switchPlain(),
    });
    this.talk = new Conversation({
      show: (messages, all) => this.show(messages, all),
      trouble: (failure) => this.line.setTrouble(failure),
      sending: (busy) => this.line.setBusy(busy),
      handoff: (handoff) => this.heedHandoff(handoff),
      anew: (waiting) => this.anew(waiting),
    });
    this.line = new StateLine(this.panel);
    host.append(this.panel.window, this.panel.launcher);
    this.panel.log.append(purposeNotice(true));
    followKeyboard(this.panel.window);
    ROOMY.addEventListener("change", () => this.refit());
    addEventListener("online", hurry);
    document.addEventListener("visibilitychange", () => this.listen());
  }

  get isOpen() {
    return this.panel.window.open;
  }

  // Where the window covers everything it is modal, so that focus cannot get lost behind it.
  unfold() {
    if (ROOMY.matches) this.panel.window.show();
    else this.panel.window.showModal();
  }

  refit() {
    if (!this.isOpen) return;
    const { focused } = this;
    this.panel.window.close();
    this.unfold();
    focused?.focus();
  }

  open() {
    if (!this.isOpen) this.unfold();
    this.panel.launcher.setAttribute("aria-expanded", "true");
    this.panel.launcher.classList.remove("news");
    this.panel.badge.textContent = "";
    this.panel.composer.input.focus({ preventScroll: true });
    const last = this.panel.log.lastElementChild;
    if (last.matches(".message")) this.scrollTo(last, "auto");
    if (!this.erased) this.prepare();
    this.listen();
  }

  close() {
    this.panel.window.close();
    this.panel.launcher.setAttribute("aria-expanded", "false");
    this.panel.launcher.focus();
  }

  prepare() {
    this.talk.ready().then(() => this.listen(), (failure) => this.line.setTrouble(failure));
  }

  heedHandoff(handoff) {
    this.line.setHandoff(handoff);
    this.listen();
  }

  listen() {
    const wanted = () => !document.hidden && (this.isOpen || this.talk.handoff !== "bot");
    if (wanted()) this.talk.listen(wanted);
  }

  cancel(event) {
    event.preventDefault();
    this.escape();
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const { input } = this.panel.composer;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.escape();
    } else if (event.key === "ArrowUp" && event.target === input && !input.value) {
      event.preventDefault();
      [...this.panel.log.querySelectorAll(".message:not(.user)")].pop()?.focus();
    }
  }

  escape() {
    if (this.panel.confirm.hidden) this.close();
    else this.endErase();
  }

  // ---- what the person says

  say(text) {
    this.send({ text }, text);
  }

  choose(choice) {
    if (this.talk.isSending(choice.id)) return;
    this.send({ choice_id: choice.id }, choice.label);
    this.followAsk = true;
  }

  tick(choices) {
    this.send({ choice_ids: choices.map((choice) => choice.id) }, choices.map((choice) => choice.label).join("、"));
  }

  send(body, words) {
    if (this.erased) this.restart();
    const node = messageNode({ role: "user" }, words, {});
    const note = el("p", { class: "note sent-state" });
    const item = { body, words, node, byChoice: !body.text };
    item.sent = () => note.remove();
    item.failed = (reason, again) => {
      note.replaceChildren(el("span", { class: "fault" }, `送れませんでした。${reason} `), again && button("もう一度送る", () => this.resend(item, note), "plain"));
      if (!again && body.text && !this.panel.composer.input.value) this.panel.composer.input.value = body.text;
      this.unmatched = this.unmatched.filter((one) => one !== item);
    };
    node.append(note);
    this.unmatched.push(item);
    this.retireAsk();
    this.foldNotice();
    this.panel.log.append(node);
    this.scrollTo(node);
    this.talk.send(item);
  }

  resend(item, note) {
    note.replaceChildren();
    this.unmatched.push(item);
    this.panel.composer.input.focus();
    this.talk.send(item);
  }

  // ---- what is shown

  wording(message) {
    if (this.isPlain && message.plain_text) return message.plain_text;
    return message.kind === "greeting" && !this.greeted && OPTIONS.greeting ? OPTIONS.greeting : message.text;
  }

  // The page remembers the switch, the browser does not. Words that only change are not news.
  switchPlain() {
    this.isPlain = !this.isPlain;
    this.panel.plain.setAttribute("aria-pressed", this.isPlain);
    this.hush();
    this.worded.forEach((node, message) => node.querySelector(".text").replaceChildren(...linked(this.wording(message))));
    const last = [...this.worded.values()].pop();
    if (last) this.scrollTo(last);
  }

  hush() {
    const { log } = this.panel;
    log.setAttribute("aria-live", "off");
    setTimeout(() => log.removeAttribute("aria-live"), 500);
  }

  show(messages, all) {
    const { log } = this.panel;
    const fresh = messages.filter((message) => !this.seen.has(message.id));
    const first = this.seen.size === 0;
    // A whole history is not news: it is not read aloud.
    if (all) this.hush();
    const nodes = fresh.map((message) => this.add(message, all)).filter(Boolean);
    // What was typed before the history came belongs under it.
    if (first) log.append(...this.unmatched.map((item) => item.node));
    if (!nodes.length) return;
    const last = nodes[nodes.length - 1];
    // The first greeting stands under the notice, and both are read from the top.
    if (!first || all || this.unmatched.length) this.scrollTo(all ? last : nodes[0]);
    this.settleFocus(last);
    if (!this.isOpen) this.announceNews();
  }

  add(message, old) {
    this.seen.add(message.id);
    if (message.role === "user" && !old && this.matches(message)) return null;
    const node = messageNode(message, this.wording(message), {
      choose: (choice) => this.choose(choice),
      say: (text) => this.say(text),
      tick: (choices) => this.tick(choices),
      rate: (...opinion) => this.rate(...opinion),
    });
    if (message.plain_text) this.worded.set(message, node);
    if (message.role === "user" || message.ask) this.retireAsk();
    if (message.role === "user") this.foldNotice();
    this.openAsk = node.querySelector(".ask") || this.openAsk;
    if (message.kind === "greeting" && !this.greeted) this.greet(node);
    this.panel.log.append(node);
    this.panel.composer.input.placeholder = message.ask ? "言葉でも答えられます" : "質問を入力してください";
    return node;
  }

  foldNotice() {
    this.panel.log.querySelector(".purpose")?.removeAttribute("open");
  }

  greet(node) {
    this.greeted = true;
    if (OPTIONS.question) node.append(el("div", { class: "choices" }, button(OPTIONS.question, () => this.say(OPTIONS.question))));
  }

  // The server's copy of what this page has already put into the history.
  matches(message) {
    const own = this.unmatched.find((item) => item.words === message.text) || this.unmatched.find((item) => item.byChoice);
    this.unmatched = this.unmatched.filter((item) => item !== own);
    return Boolean(own);
  }

  get focused() {
    return this.panel.window.getRootNode().activeElement;
  }

  // An input belongs to the newest question only.
  retireAsk() {
    if (!this.openAsk) return;
    this.followAsk = this.openAsk.contains(this.focused);
    this.openAsk.remove();
    this.openAsk = null;
    if (this.followAsk) this.panel.composer.input.focus();
  }

  // Whoever answers with buttons, boxes and fields is taken to the next one; whoever writes is not moved.
  settleFocus(node) {
    const field = node.querySelector(".ask input");
    const writing = this.focused === this.panel.composer.input && this.panel.composer.input.value;
    if (field && this.followAsk && !writing) field.focus({ preventScroll: true });
  }

  scrollTo(node, behavior) {
    const { scroller } = this.panel;
    const moving = getComputedStyle(scroller).overflowY === "auto" ? scroller : this.panel.window;
    const top = node.getBoundingClientRect().top - moving.getBoundingClientRect().top + moving.scrollTop - 12;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    moving.scrollTo({ top, behavior: behavior || (calm ? "auto" : "smooth") });
  }

  announceNews() {
    this.panel.launcher.classList.add("news");
    this.panel.badge.textContent = "（新しい返事があります）";
  }

  // ---- opinion and erasure

  async rate(message, rating, comment) {
    try {
      await this.talk.rate(message, rating, comment);
      return true;
    } catch (failure) {
      this.note(`感想を送れませんでした。${failure.message}`);
      return false;
    }
  }

  note(text) {
    const node = messageNode({ role: "system", kind: "notice" }, text, {});
    this.panel.log.append(node);
    this.scrollTo(node);
    return node;
  }

  askErase() {
    const { confirm } = this.panel;
    const keep = button("やめる", () => this.endErase());
    confirm.replaceChildren(el("p", {}, "この会話の記録をすべて消します。元に戻せません。"), el("div", { class: "line" }, button("消す", () => this.erase(), "danger"), keep));
    confirm.hidden = false;
    keep.focus();
  }

  endErase() {
    this.panel.confirm.hidden = true;
    this.panel.erase.focus();
  }

  async erase() {
    this.panel.confirm.hidden = true;
    try {
      const answer = await this.talk.erase();
      this.endTalk(answer ? `${answer.message || "この会話の記録を消しました。"}\n受付番号：${answer.receipt}` : "消す記録はありませんでした。");
    } catch (failure) {
      if (failure.gone) {
        this.talk.forget();
        this.endTalk("この会話の記録は、すでに消えています。");
      } else {
        this.note(`まだ消せていません。${failure.message} 少し待ってから、もう一度「履歴を削除」を押してください。`).focus();
      }
    }
  }

  endTalk(words) {
    this.clear();
    this.erased = true;
    this.note(words).focus();
  }

  clear() {
    this.seen.clear();
    this.worded.clear();
    this.unmatched = [];
    this.openAsk = null;
    this.greeted = false;
    this.line.setTrouble(null);
    this.line.setBusy(false);
    this.panel.log.replaceChildren(purposeNotice(true));
  }

  restart() {
    this.erased = false;
    this.prepare();
  }

  anew(waiting) {
    this.clear();
    this.note("前の会話は見つかりませんでした。新しい会話を始めます。");
    this.unmatched = [...waiting];
    this.panel.log.append(...waiting.map((item) => item.node));
  }
}
