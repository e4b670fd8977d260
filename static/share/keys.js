/** Whether a key opens the commands: Ctrl+K, or Cmd+K on a Mac. */
export function opensCommands(event) {
  return (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
}
