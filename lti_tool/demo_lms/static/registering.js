// A tool says that its registration is over (Dynamic Registration 1.0, 3.6), from the frame or from the window that we
// opened; without JavaScript the link does.
window.addEventListener("message", (event) => {
  const frame = document.querySelector("iframe");
  const isOurs = frame ? event.source === frame.contentWindow : event.source?.opener === window;
  if (isOurs && event.data?.subject === "org.imsglobal.lti.close") {
    location.assign(document.querySelector("[data-done]").href);
  }
});
