/* A form is sent once: a second press while the answer is on its way does nothing. The button is not disabled, since a
   disabled button would not send its own name and value. Also puts the focus on a list of problems after a refused form. */

const PATIENCE_MS = 8000; /* An answer that is a download leaves this page standing, so the form wakes up again. */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-busy]") || event.defaultPrevented) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  setTimeout(() => form.removeAttribute("aria-busy"), PATIENCE_MS);
});

/* The back button may show this page as it was left: busy. */
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll('form[aria-busy="true"]')) form.removeAttribute("aria-busy");
});

document.querySelector("[data-focus]")?.focus();
