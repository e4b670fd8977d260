// AppArmor profiles for the eye, line by line. What they mean is the engine's to say.

// The first line that says anything tells such a file, as it does for the engine.
const BEGINS = /^\s*(?:#?include\s+(?:[<"]|if )|abi\s+[<"]|alias\s.*->|(?:profile|hat)\s+[^\s:].*\{|@\{.*=|[/^][^:]*\{)/;
const KEYWORD =
  /^(?:#include|include|if|else|not|and|or|in|defined|exists|abi|alias|profile|hat|file|link|subset|capability|network|mount|remount|umount|pivot_root|change_profile|ptrace|signal|dbus|unix|set|rlimit|userns|io_uring|mqueue|all|safe|unsafe|peer|flags|xattrs)(?=[\s,=({]|$)/;
const PREFIX = /^(?:audit|allow|deny|owner|other|prompt|quiet|priority)(?=[\s=]|$)/;

/** Whether a text that begins with this line is a file of profiles. */
export const begins = (line) => BEGINS.test(line);

export function token(stream) {
  if (stream.eatSpace()) return null;
  if (stream.match(PREFIX)) return "meta";
  if (stream.match(KEYWORD)) return "propertyName";
  if (stream.match(/^#.*/)) return "comment";
  if (stream.match(/^(?:"(?:[^"\\]|\\.)*"?|<[^>]*>)/)) return "string";
  // The letters of a rule stand before its end, or before where it leads.
  if (/\s/.test(stream.string[stream.pos - 1]) && stream.match(/^[rwalkmixpcuPCU]{1,8}(?=\s*(?:,|->))/)) return "bool";
  if (stream.match(/^[@$]\{?\w+\}?(?![^\s,=])/)) return "labelName";
  // Commas within a path belong to it; the one behind it ends the rule.
  if (stream.match(/^[/@](?:\{[^\s}]*\}|[^\s,{}]|,(?=\S))+/)) return "string";
  if (stream.match(/^(?:->|[{}(),=])/)) return "punctuation";
  if (stream.match(/^\d+(?=[\s,])/)) return "number";
  stream.match(/^[^\s,{}()=]+/) || stream.next();
  return "content";
}
