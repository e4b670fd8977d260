// The live sample of the page about embedding: says what the element reports.
const sample = document.getElementById("sample");
const said = document.getElementById("said");
sample.addEventListener("report", ({ detail: report }) => {
  said.textContent = `${report.findings.length} findings, the first: ${report.findings[0]?.title ?? "none"}`;
});
sample.addEventListener("error", ({ detail }) => {
  said.textContent = String(detail);
});
