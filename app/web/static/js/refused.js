// A part of a page that was asked for and refused: the page itself is opened, so that why and what next can be read.
export function startRefused() {
  document.addEventListener("htmx:responseError", (event) => {
    const { requestConfig, pathInfo } = event.detail;
    if (requestConfig.verb === "get" && requestConfig.triggeringEvent) location.assign(pathInfo.finalRequestPath);
  });
}
