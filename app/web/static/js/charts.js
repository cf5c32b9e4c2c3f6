// Draws a chart from the table inside its figure; the table stays below, folded, for those who want the numbers.
const numberOf = (cell) => {
  const words = cell.textContent.replace(/[−–]/g, "-").replace(/[^\d.+-]/g, "");
  return words === "" ? null : Number(words);
};

function fold(figure, table) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "看数字";
  const frame = table.closest(".k-table-frame") || table;
  frame.replaceWith(details);
  details.append(summary, frame);
  return details;
}

function options(figure, table, ink) {
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const lines = [...table.tBodies[0].rows];
  const isBar = figure.dataset.chart !== "line";
  const lying = figure.dataset.chart === "hbar";
  const names = { type: "category", data: lines.map((row) => row.cells[0].textContent.trim()), axisLine: { lineStyle: { color: ink.line } }, axisTick: { show: false }, axisLabel: { color: ink.soft }, inverse: lying };
  const values = { type: "value", name: figure.dataset.unit, nameTextStyle: { color: ink.soft }, scale: !isBar, axisLabel: { color: ink.soft }, splitLine: { lineStyle: { color: ink.pale } } };
  return {
    animation: false, color: [ink.main, ink.accent, ink.soft], textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 16, top: heads.length > 2 ? 36 : 24, bottom: 4, containLabel: true },
    legend: heads.length > 2 ? { top: 0, right: 0, icon: "rect", itemWidth: 14, itemHeight: 3, textStyle: { color: ink.soft } } : undefined,
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: lying ? values : names, yAxis: lying ? names : values,
    series: heads.slice(1).map((name, index) => ({
      name, type: isBar ? "bar" : "line", step: isBar ? undefined : "end", barMaxWidth: 18, symbol: index ? "diamond" : "circle", symbolSize: 5,
      lineStyle: { width: 2, type: index ? "dashed" : "solid" }, data: lines.map((row) => numberOf(row.cells[index + 1])),
    })),
  };
}

export function startCharts() {
  if (!window.echarts) return;
  const style = getComputedStyle(document.documentElement);
  const ink = { main: style.getPropertyValue("--k-ink-2"), accent: style.getPropertyValue("--k-accent"), soft: style.getPropertyValue("--k-ink-3"), line: style.getPropertyValue("--k-line-2"), pale: style.getPropertyValue("--k-line") };
  document.querySelectorAll("figure[data-chart]").forEach((figure) => {
    const table = figure.querySelector("table");
    const canvas = document.createElement("div");
    canvas.className = "k-chart-canvas";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${figure.querySelector("figcaption").textContent}，数字见下表`);
    const chosen = options(figure, table, ink);
    fold(figure, table).before(canvas);
    const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
    chart.setOption(chosen);
    new ResizeObserver(() => chart.resize()).observe(canvas);
  });
}
