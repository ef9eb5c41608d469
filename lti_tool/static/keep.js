/* Saves a page of questions while somebody fills it in, so that a reload, a lost connection or another device loses
   nothing. The page's own buttons work without this, and say what is wrong; here it is only kept. */

const PAUSE_MS = 1500; /* after the last change */
const AGAIN_MS = 10000; /* after a failure */
const PATIENCE_MS = 8000;

const connect = (form) => {
  const line = document.createElement("p");
  line.className = "kept";
  line.setAttribute("role", "status");
  form.querySelector(".actions").after(line);
  const say = (text) => { if (line.textContent !== text) line.textContent = text; };

  /* What somebody has filled in, without what the form carries along. */
  const filled = () => {
    const data = new URLSearchParams(new FormData(form));
    for (const name of [...data.keys()]) if (name.startsWith("was-") || name === "csrf_token") data.delete(name);
    return data.toString();
  };

  let saved = filled();
  let timer = 0;
  let sending = null;
  let stopped = false;

  const attempt = async (now) => {
    const data = new URLSearchParams(new FormData(form));
    data.append("quiet", "yes");
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(form.action, { method: "POST", body: data, redirect: "error", signal });
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    for (const [name, value] of Object.entries(told.drawn)) if (form.elements[name]) form.elements[name].value = value;
    saved = now;
    say(told.is_whole ? form.dataset.keptText : form.dataset.partText);
  };

  const save = async () => {
    if (stopped || sending || filled() === saved) return;
    sending = attempt(filled()).then(() => PAUSE_MS, () => {
      say(form.dataset.waitingText);
      return AGAIN_MS;
    });
    const wait = await sending;
    sending = null;
    if (filled() !== saved) later(wait);
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  for (const kind of ["input", "change", "click", "pointerup"]) form.addEventListener(kind, () => later(PAUSE_MS));
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });

  /* A press on a button waits for what is on its way, so that both do not meet. */
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!sending || stopped) {
      stopped = true;
      return;
    }
    event.preventDefault();
    stopped = true;
    const button = event.submitter;
    sending.then(() => setTimeout(() => form.requestSubmit(button), 0));
  });
  window.addEventListener("pageshow", () => { stopped = false; });
};

document.querySelectorAll("form[data-kept-text]").forEach(connect);
