/* A page that waits for work in the background is loaded again, but never while somebody is writing on it. */

const seconds = Number(document.querySelector("script[data-seconds]").dataset.seconds);
const isWriting = () => document.activeElement?.matches("input, select, textarea");

setInterval(() => {
  if (!isWriting() && !document.hidden) location.reload();
}, seconds * 1000);
