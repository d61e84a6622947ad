// All that stays in the browser: the conversation's id and its token.
function savedConversation() {
  try {
    const saved = JSON.parse(localStorage.getItem(STORAGE_KEY));
    return saved && saved.id && saved.token ? saved : null;
  } catch {
    return null;
  }
}

// With storage switched off, the conversation lasts as long as the page.
function saveConversation(conversation) {
  try {
    if (conversation) localStorage.setItem(STORAGE_KEY, JSON.stringify(conversation));
    else localStorage.removeItem(STORAGE_KEY);
  } catch {
    // Nothing to do: see above.
  }
}
