/* Preselects the browser's time zone where the person has not chosen one and the LMS did not say. The list works without. */

const box = document.querySelector("[data-guess-zone]");
const list = box?.querySelector("select");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (list && [...list.options].some((one) => one.value === zone) && list.value !== zone) {
  list.value = zone;
  const note = document.createElement("p");
  note.className = "field-hint";
  note.setAttribute("role", "status");
  note.textContent = box.dataset.guessZone.replace("{zone}", zone.replaceAll("_", " "));
  list.before(note);
}
