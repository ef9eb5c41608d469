/* Where the browser keeps no cookie inside the LMS's frame, the LMS's own page keeps a value for this tool. Before the
   sign-in the value is handed over (put), at the launch it is asked back (get). The LMS's page may be slower than this
   one, and a message to a page that does not listen yet is lost: each is sent again until it is answered. Meanwhile the
   other ways are offered (cookies, a new window); at the launch the form is sent as it is, and the server decides.
   Source: LTI Client Side postMessages 0.1, LTI postMessage Storage 0.1. */

const AGAIN_MS = 250;
const OTHER_WAYS_MS = 2000;
const PATIENCE_MS = 10000; /* for one message */
const PREFIXES = ["lti.", "org.imsglobal.lti."]; /* the second one is what Brightspace first knew */

const page = document.querySelector("[data-storage]");
const { frame, origin, key, value, onward } = page.dataset;
const platform = window.parent !== window ? window.parent : window.opener;

const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

/* The answer to one message, or null: too late, an error, from elsewhere. `find` looks for the window to ask, which may
   not be there yet. */
const ask = (find, to, subject, fields) =>
  new Promise((resolve) => {
    const message_id = newId();
    const say = () => find()?.postMessage({ subject, message_id, ...fields }, to);
    const finish = (answer) => {
      clearInterval(again);
      clearTimeout(end);
      window.removeEventListener("message", hear);
      resolve(answer);
    };
    const hear = (event) => {
      const said = event.data;
      if (said?.message_id !== message_id || said.subject !== `${subject}.response`) return;
      if (to !== "*" && (event.origin !== to || event.source !== find())) return;
      finish(said.error ? null : said);
    };
    const again = setInterval(say, AGAIN_MS);
    const end = setTimeout(finish, PATIENCE_MS, null);
    window.addEventListener("message", hear);
    say();
  });

/* What the LMS says it can do under this prefix. */
const capabilities = async (prefix, name) => {
  const answer = await ask(() => platform, "*", `${prefix}capabilities`, {});
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
    const answer = await ask(() => frameNamed(known.frame || frame), origin, known.subject, fields);
    return answer?.key === key ? answer : null;
  } catch {
    return null; /* no storage here */
  }
};

if (onward) {
  const otherWays = () => import("./cookies.js");
  const later = setTimeout(otherWays, OTHER_WAYS_MS);
  const answer = await exchange("put_data", { key, value });
  clearTimeout(later);
  if (answer?.value === value) location.replace(onward);
  else await otherWays();
} else {
  const answer = await exchange("get_data", { key });
  const form = page.querySelector("form");
  form.elements.storage_value.value = typeof answer?.value === "string" ? answer.value : "";
  form.submit();
}
