// CodeMirror counts every line end as one unit and joins lines with one separator. Here a text comes out as it went in.

/** How the lines of one file end. */
export class LineEnds {
  constructor(text) {
    const all = text.match(/\r\n|\r|\n/g) ?? [];
    // Where line ends are mixed, only LF parts lines, and a CR stays where it is, as a character.
    const windows = all.length > 0 && all.every((end) => end === "\r\n");
    this.separator = windows ? "\r\n" : "\n";
  }

  /** A text from elsewhere, with this file's line ends. */
  own(text) {
    return text.replace(/\r\n|\r|\n/g, this.separator);
  }

  /** Offsets into `text` and into the document that CodeMirror makes of it. */
  offsets(text) {
    if (this.separator === "\n") return { toDoc: (offset) => offset };
    const ends = [];
    for (let at = text.indexOf("\r\n"); at >= 0; at = text.indexOf("\r\n", at + 2)) ends.push(at);
    return {
      toDoc(offset) {
        // How many line ends lie wholly before it.
        let low = 0;
        let high = ends.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (ends[middle] + 2 <= offset) low = middle + 1;
          else high = middle;
        }
        return offset - low;
      },
    };
  }
}
