/* Keeps small values for tools whose cookies the browser drops: capabilities, put and get by postMessage.
   Source: LTI Client Side postMessages 0.1, LTI postMessage Storage 0.1. Values are kept for each tool's origin apart. */

const script = document.currentScript;
const prefixes = script.dataset.prefixes.split(" ");
const holds = script.dataset.holds === "yes";
const kept = new Map();

const answers = {
  capabilities: (prefix) => ({
    supported_messages: ["capabilities", "put_data", "get_data"].map((name) =>
      name === "capabilities"
        ? { subject: prefix + name }
        : { subject: prefix + name, frame: script.dataset.frame },
    ),
  }),
  put_data: (_prefix, { key, value }, origin) => {
    if (typeof key !== "string" || (value !== null && typeof value !== "string")) {
      return { error: { code: "bad_request", message: "key and value must be texts" } };
    }
    if (value === null) kept.delete(`${origin} ${key}`);
    else kept.set(`${origin} ${key}`, value);
    return { key, value };
  },
  get_data: (_prefix, { key }, origin) => ({ key, value: kept.get(`${origin} ${key}`) ?? null }),
};

window.addEventListener("message", ({ data, source, origin }) => {
  const subject = data?.subject;
  if (typeof subject !== "string" || !source || subject.endsWith(".response")) return;
  const name = Object.keys(answers).find((one) => subject === `lti.${one}` || subject === `org.imsglobal.lti.${one}`);
  if (!name || (name !== "capabilities" && !holds)) return;
  const prefix = subject.slice(0, -name.length);
  const said = prefixes.includes(prefix)
    ? answers[name](prefix, data, origin)
    : { error: { code: "unsupported_subject", message: `${subject} is not understood` } };
  source.postMessage({ ...said, subject: `${subject}.response`, message_id: data.message_id }, origin);
});
