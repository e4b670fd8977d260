// A component for MDX: <Watertight kind="pod" view="map">{`…`}</Watertight>. Put it into src/components.
import React, { useEffect, useRef } from "react";

const SCRIPT = "https://watertight.example/watertight-playground.js";

export default function Watertight({ children = "", readOnly = false, compact = false, onReport, ...attributes }) {
  const element = useRef(null);
  useEffect(() => {
    // In the browser alone: while the site is built there is no frame to show.
    if (!customElements.get("watertight-playground")) import(/* webpackIgnore: true */ SCRIPT);
    const tell = ({ detail }) => onReport?.(detail);
    const here = element.current;
    here.addEventListener("report", tell);
    return () => here.removeEventListener("report", tell);
  }, [onReport]);
  const flags = { ...(readOnly && { "read-only": "" }), ...(compact && { compact: "" }) };
  return <watertight-playground ref={element} text={String(children).trim() + "\n"} {...flags} {...attributes} />;
}
