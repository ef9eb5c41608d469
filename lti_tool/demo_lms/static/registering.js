// A tool says that its registration is over (Dynamic Registration 1.0, 3.6); without JavaScript the link does.
window.addEventListener("message", (event) => {
  const frame = document.querySelector("iframe");
  if (event.source === frame.contentWindow && event.data?.subject === "org.imsglobal.lti.close") {
    location.assign(document.querySelector("[data-done]").href);
  }
});
