/* Tells the LMS that registration is over, done or not, and that its window may close. The message says nothing else, so anybody may hear it.
   Source: LTI Dynamic Registration 1.0, section 3.7. */

const box = document.querySelector("[data-close]");
const button = box.querySelector("button");

box.hidden = false;
button.addEventListener("click", () => {
  (window.opener ?? window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
  document.querySelector("[data-still-here]").hidden = false;
});
