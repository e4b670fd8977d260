// Packs what a link holds, and unpacks it within bounds: deflate without a header, then base64url. The command line does
// the same (crates/cli/src/share/link.rs), and what the JSON inside means stands in crates/diagnostic/src/share.rs.
import { number, say } from "./say.js";

/** The digit in front of links that are written now. */
export const FORMAT = "1";
/** The longest packed link that is written, in characters. */
export const MAX_WRITTEN = 100_000;
/** The longest packed link that is read, in characters. */
export const MAX_READ = 1_000_000;
/** The most that a link may unpack to, in bytes. */
export const MAX_UNPACKED = 10_000_000;

/** The fragment for this JSON, without `#`. Throws an `Error` with a sentence for the user. */
export async function pack(json) {
  const bytes = new TextEncoder().encode(json);
  if (bytes.length > MAX_UNPACKED) throw new Error(say("These files are larger than the 10 MB that a link may hold."));
  const packed = await through(new CompressionStream("deflate-raw"), bytes, Infinity);
  let letters = "";
  // In pieces, because the arguments of a call are limited.
  for (let at = 0; at < packed.length; at += 8192) letters += String.fromCharCode(...packed.subarray(at, at + 8192));
  const text = btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  if (text.length > MAX_WRITTEN) {
    throw new Error(
      say(
        "The link would have {count} characters, and {most} is the most that mail and chat programs carry. Please choose fewer files.",
        { count: number(text.length), most: number(MAX_WRITTEN) },
      ),
    );
  }
  return FORMAT + text;
}

/** The JSON of a fragment. Throws an `Error` with a sentence for the user. */
export async function unpack(fragment) {
  if (fragment[0] !== FORMAT) throw new Error(say("This link was made by a newer version of this page. Please reload it."));
  const text = fragment.slice(1);
  if (text.length > MAX_READ) throw new Error(say("This link is longer than 1,000,000 characters, so it was not opened."));
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) {
    throw new Error(say("This link has letters that no link has. Perhaps a part of it is missing."));
  }
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  let unpacked;
  try {
    unpacked = await through(new DecompressionStream("deflate-raw"), bytes, MAX_UNPACKED);
  } catch (error) {
    if (error instanceof RangeError) throw new Error(say("This link unpacks to more than 10 MB, so it was not opened."));
    throw new Error(say("This link could not be unpacked. Perhaps a part of it is missing."));
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(unpacked);
  } catch {
    throw new Error(say("What this link unpacks to is no text."));
  }
}

// Reads piece by piece and stops at the limit, so that a few kilobytes cannot fill the memory.
async function through(stream, bytes, most) {
  const writer = stream.writable.getWriter();
  // Failures reach the reading side too.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const reader = stream.readable.getReader();
  const pieces = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      reader.cancel().catch(() => {});
      throw new RangeError("too long");
    }
    pieces.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
