/* Where the browser keeps no cookie inside the LMS's frame, the LMS's own page keeps a value for this tool. Before the
   sign-in the value is handed over (put), at the launch it is asked back (get). Whatever goes wrong, the page goes on the
   next best way: cookies, then a new window; at the launch the form is sent as it is, and the server decides.
   Source: LTI Client Side postMessages 0.1, LTI postMessage Storage 0.1. */

const CAPABILITIES_MS = 1500;
const MESSAGE_MS = 2000;
const PREFIXES = ["lti.", "org.imsglobal.lti."]; /* the second one is what Brightspace first knew */

const page = document.querySelector("[data-storage]");
const { frame, origin, key, value, onward } = page.dataset;
const platform = window.parent !== window ? window.parent : window.opener;

const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

/* The answer to one message, or null: too late, an error, from elsewhere. */
const ask = (target, to, subject, fields, patience) =>
  new Promise((resolve) => {
    const message_id = newId();
    const finish = (answer) => {
      clearTimeout(timer);
      window.removeEventListener("message", hear);
      resolve(answer);
    };
    const hear = (event) => {
      const said = event.data;
      if (said?.message_id !== message_id || said.subject !== `${subject}.response`) return;
      if (to !== "*" && (event.origin !== to || event.source !== target)) return;
      finish(said.error ? null : said);
    };
    const timer = setTimeout(finish, patience, null);
    window.addEventListener("message", hear);
    target.postMessage({ subject, message_id, ...fields }, to);
  });

/* What the LMS says it can do under this prefix. */
const capabilities = async (prefix, name) => {
  const answer = await ask(platform, "*", `${prefix}capabilities`, {}, CAPABILITIES_MS);
  const listed = Array.isArray(answer?.supported_messages) ? answer.supported_messages : [];
  const found = listed.find((one) => one?.subject === prefix + name);
  if (!found) throw new Error("not supported");
  return { subject: found.subject, frame: found.frame };
};

/* The frame that keeps things; the LMS's page may itself be inside another one. */
const frameNamed = (name) => {
  if (!name || name === "_parent") return platform;
  for (const around of [platform, window.top]) {
    try {
      if (around?.frames[name]) return around.frames[name];
    } catch {
      continue; /* a window of another site may refuse to say */
    }
  }
  return null;
};

const exchange = async (name, fields) => {
  if (!platform) return null;
  try {
    const known = await Promise.any(PREFIXES.map((prefix) => capabilities(prefix, name)));
    const target = frameNamed(known.frame || frame);
    const answer = target && (await ask(target, origin, known.subject, fields, MESSAGE_MS));
    return answer?.key === key ? answer : null;
  } catch {
    return null; /* no storage here */
  }
};

if (onward) {
  const answer = await exchange("put_data", { key, value });
  if (answer?.value === value) location.replace(onward);
  else await import("./cookies.js");
} else {
  const answer = await exchange("get_data", { key });
  const form = page.querySelector("form");
  form.elements.storage_value.value = typeof answer?.value === "string" ? answer.value : "";
  form.submit();
}
