/* Before the sign-in inside an LMS's frame: does the browser keep cookies here? If so, go on at once. If not, say so and
   make the new window the main way. Without this script both ways are plain links. */

const NAME = "cookies_work";

const keepsCookies = () => {
  const attributes = "; Path=/; Secure; SameSite=None; Partitioned";
  document.cookie = `${NAME}=1; Max-Age=60${attributes}`;
  const isKept = document.cookie.split("; ").includes(`${NAME}=1`);
  document.cookie = `${NAME}=; Max-Age=0${attributes}`;
  return isKept;
};

const here = document.querySelector("[data-here] a");
const elsewhere = document.querySelector("[data-new-window] a");

let works = false;
try {
  works = keepsCookies();
} catch {
  /* A sandboxed frame throws instead of answering: no cookies here. */
}

if (works) {
  location.replace(here.href);
} else {
  document.querySelector("[data-no-cookies]").hidden = false;
  document.querySelector("[data-with-cookies]").hidden = true;
  here.classList.replace("button-primary", "button-secondary");
  elsewhere.classList.replace("button-secondary", "button-primary");
  elsewhere.parentElement.parentElement.prepend(elsewhere.parentElement);
}
