// Before the first paint, so that a chosen theme does not flash in the other one, nor the frame's parts that are left out,
// nor the example where something else is opened.
import { readAddress } from "../share/address.js";

const root = document.documentElement;
const { theme: asked, embed, compact, readOnly, fresh, link, lesson } = readAddress(location.hash);
if (embed) root.dataset.embed = "";
if (embed && compact) root.dataset.compact = "";
if (readOnly) root.dataset.readOnly = "";
if (embed && asked) root.dataset.theme = asked;
if (embed || fresh || link !== null || lesson !== null) root.dataset.opensOther = "";
try {
  if (localStorage.getItem("watertight.files") !== null) root.dataset.opensOther = "";
  const { theme } = embed ? {} : JSON.parse(localStorage.getItem("watertight.preferences") ?? "{}");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
} catch {
  // No storage in this frame: the system's theme it is.
}
