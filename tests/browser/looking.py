"""Look at a page as it stands: axe finds nothing wrong with it, and nothing scrolls sideways.

Contrast takes axe half its time: the short form compares colours on wide windows alone, the long form on narrow ones too.
"""

from playwright.sync_api import Page

from tests.browser.serving import AXE_ADDRESS
from tests.browser.windows import NARROW
from tests.conftest import LONG

# the server has axe, so that the browser compiles it only once; HTML shows what is at fault, no selector is needed
LOOK = """async ([address, colours]) => {
  if (!window.axe) await new Promise((loaded, failed) => {
    const script = document.createElement('script');
    Object.assign(script, {src: address, onload: loaded, onerror: failed});
    document.head.append(script);
  });
  const found = await axe.run({
    resultTypes: ['violations'], selectors: false, rules: {'color-contrast': {enabled: colours}},
  });
  const problems = found.violations.map(v => v.id + ': ' + v.nodes[0].html.slice(0, 200));
  const root = document.documentElement;
  return root.scrollWidth > root.clientWidth ? [...problems, 'scrolls sideways'] : problems;
}"""


def look(page: Page) -> list[str]:
    """Return what is wrong with a page, once it is there as a whole."""
    page.wait_for_load_state()
    shown = page.viewport_size
    colours = LONG or shown is None or shown["width"] > NARROW
    problems: list[str] = page.evaluate(LOOK, [AXE_ADDRESS, colours])
    return problems
