// The conversation with the server: started once, messages sent one after the other, news listened for.
class Conversation {
  constructor(events) {
    this.events = events;
    this.epoch = 1;
    this.saved = null;
    this.cursor = null;
    this.starting = null;
    this.isReady = false;
    this.outbox = [];
    this.delivering = 0;
    this.listening = 0;
    this.handoff = "bot";
  }

  // Nothing that is still on its way may reach what comes after.
  forget() {
    if (savedConversation()?.id === this.saved?.id) saveConversation(null);
    this.epoch += 1;
    this.saved = null;
    this.cursor = null;
    this.starting = null;
    this.isReady = false;
    this.outbox = [];
    this.setHandoff("bot");
    hurry();
  }

  get path() {
    return `api/conversations/${encodeURIComponent(this.saved.id)}`;
  }

  call(method, rest = "", more = {}) {
    return request(method, this.path + rest, { token: this.saved.token, ...more });
  }

  async insist(work) {
    const epoch = this.epoch;
    const wanted = () => epoch === this.epoch;
    try {
      const result = await insist(work, (failure) => wanted() && this.events.trouble(failure), wanted);
      return wanted() ? result : undefined;
    } finally {
      if (wanted()) this.events.trouble(null);
    }
  }

  // Starts a conversation or takes up the saved one; once, however often it is asked for.
  ready() {
    if (!this.starting) {
      this.saved = savedConversation();
      const epoch = this.epoch;
      this.starting = (this.saved ? this.resume() : this.begin()).catch((failure) => {
        if (epoch === this.epoch) this.starting = null;
        throw failure;
      });
    }
    return this.starting;
  }

  async begin() {
    const started = await this.insist(() => request("POST", "api/conversations"));
    if (!started) return;
    this.saved = { id: started.conversation_id, token: started.token };
    saveConversation(this.saved);
    this.isReady = true;
    this.events.show(started.messages);
  }

  async resume() {
    try {
      const history = await this.insist(() => this.call("GET", "/messages"));
      if (!history) return;
      this.isReady = true;
      this.take(history, true);
    } catch (failure) {
      if (!failure.gone) throw failure;
      await this.startAnew();
    }
  }

  // The server does not know this conversation any more; words that wait to be sent go into the next one.
  async startAnew() {
    const waiting = this.outbox.filter((item) => item.body.text);
    this.forget();
    this.outbox = waiting;
    this.events.anew(waiting);
    await this.ready();
    this.deliver();
  }

  send(item) {
    item.body.client_message_id = item.body.client_message_id || newMessageId();
    this.outbox.push(item);
    this.deliver();
  }

  isSending(choiceId) {
    return this.outbox.some((item) => item.body.choice_id === choiceId);
  }

  // One after the other, so that answers come in the order of the questions.
  async deliver() {
    const { epoch } = this;
    if (this.delivering === epoch) return;
    this.delivering = epoch;
    while (epoch === this.epoch && this.outbox.length) {
      const item = this.outbox[0];
      this.events.sending(true);
      try {
        await this.ready();
        const answer = epoch === this.epoch && (await this.insist(() => this.call("POST", "/messages", { body: item.body })));
        if (answer) item.sent();
        if (answer) this.events.show(answer.messages);
      } catch (failure) {
        if (epoch !== this.epoch) return;
        if (failure.gone && !item.body.text) item.failed("前の会話の選択肢です。");
        if (failure.gone) return void this.startAnew().catch((error) => this.events.trouble(error));
        item.failed(failure.message, failure.passes);
      }
      if (epoch === this.epoch) this.outbox.shift();
    }
    if (epoch !== this.epoch) return;
    this.delivering = 0;
    this.events.sending(false);
  }

  take(history, all = false) {
    if (history.messages.length) this.cursor = history.messages[history.messages.length - 1].id;
    this.setHandoff(history.handoff);
    this.events.show(history.messages, all);
  }

  setHandoff(handoff) {
    if (handoff === this.handoff) return;
    this.handoff = handoff;
    this.events.handoff(handoff);
  }

  // Listens as long as somebody reads, or somebody of the staff may write.
  async listen(wanted) {
    const { epoch } = this;
    if (this.listening === epoch || !this.isReady) return;
    this.listening = epoch;
    for (let failures = 0; epoch === this.epoch && wanted(); ) {
      const asked = Date.now();
      try {
        const after = this.cursor ? `after=${encodeURIComponent(this.cursor)}&` : "";
        const news = await this.call("GET", `/messages?${after}wait=25`, { seconds: 40 });
        if (epoch !== this.epoch) return;
        if (failures > 1) this.recover();
        failures = 0;
        this.take(news);
        if (!news.messages.length && Date.now() - asked < 1000) await sleep(2);
      } catch (failure) {
        if (epoch !== this.epoch) return;
        failures = await this.unheard(failure, failures);
      }
    }
    if (this.listening === epoch) this.listening = 0;
  }

  async unheard(failure, failures) {
    if (failure.gone && !this.cursor) {
      await this.startAnew().catch((error) => this.events.trouble(error));
    } else if (failure.gone) {
      // The message that we know last may have been taken back: read everything again.
      this.cursor = null;
    } else {
      if (failures) this.events.trouble(failure);
      await sleep(failure.retryAfter || Math.min(30, 2 ** failures));
    }
    return failures + 1;
  }

  recover() {
    this.events.trouble(null);
    hurry();
  }

  async rate(message, rating, comment) {
    const body = { message_id: message.id, rating };
    if (comment) body.comment = comment;
    await this.call("POST", "/feedback", { body });
  }

  async erase() {
    const answer = this.saved ? await this.call("DELETE") : null;
    this.forget();
    return answer;
  }
}
