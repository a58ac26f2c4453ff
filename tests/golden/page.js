
"use strict";
const said = document.getElementById("said");
let used = 0;
for (const event of ["keydown", "pointerdown"]) document.addEventListener(event, () => { used = Date.now(); });
async function copy(button) {
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    getSelection().selectAllChildren(code);
    if (!document.execCommand("copy")) { said.textContent = "Selected: copy it with your keyboard."; return; }
  }
  said.textContent = "Copied.";
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 3000);
}
for (const button of document.querySelectorAll(".copy button")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
const seconds = Number(document.body.dataset.reload);
if (seconds > 0) setInterval(() => {
  const busy = document.hidden || Date.now() - used < 30000 || !getSelection().isCollapsed || document.querySelector("details[open]:not(.unfolded)");
  if (!busy) location.reload();
}, seconds * 1000);
