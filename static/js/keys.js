// Single keys for what a page marks with data-key: a field gets the focus, anything else is pressed.
// Without scripts the same fields, links and buttons are reached by Tab.
const all = document.querySelector("[data-all]");
if (all) {
  all.closest("[hidden]").hidden = false; // without scripts it would choose nothing
  all.addEventListener("change", () => {
    for (const box of document.getElementsByName(all.dataset.all)) box.checked = all.checked;
  });
}

const isTyping = (at) => at.matches("input:not([type=checkbox], [type=submit]), textarea, select");

document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && at.matches("[data-key=r]")) {
    event.preventDefault();
    at.form.requestSubmit(at.form.querySelector("[name=return]"));
    return;
  }
  if (event.key === "Enter" && at.matches("[data-key=r]")) {
    event.preventDefault(); // else the first button of the form, which publishes, would be pressed
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(at)) {
    if (event.key === "Escape") at.blur();
    return;
  }
  if (event.repeat) return; // a key held down would decide on the next draft, which nobody has read
  const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!marked) return;
  event.preventDefault();
  if (isTyping(marked)) marked.focus();
  else marked.click();
});
