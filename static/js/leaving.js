// A form of the admin that was filled in asks before it is left. Without scripts nobody asks.
addEventListener("load", () => {
  const form = document.querySelector("#content-main form[id$=_form]");
  if (!form) return;
  const filled = () => new URLSearchParams(new FormData(form)).toString();
  // After a refusal what was typed is not saved yet, though nothing was typed since.
  const atFirst = document.querySelector(".errornote") ? null : filled();
  let isSent = false;
  form.addEventListener("submit", () => { isSent = true; });
  addEventListener("beforeunload", (event) => {
    if (!isSent && filled() !== atFirst) event.preventDefault();
  });
});
