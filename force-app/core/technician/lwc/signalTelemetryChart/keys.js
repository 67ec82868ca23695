const MOVE_SHARE = 0.1;

const KEYS = {
  ArrowLeft: (chart) => chart.readNext(-1),
  ArrowRight: (chart) => chart.readNext(1),
  Home: (chart) => chart.readEdge('from'),
  End: (chart) => chart.readEdge('to'),
  Escape: (chart) => chart.pointTo(undefined),
  '+': (chart) => chart.zoomIn(),
  '=': (chart) => chart.zoomIn(),
  '-': (chart) => chart.zoomOut(),
  0: (chart) => chart.handleReset(),
};
const SHIFT_KEYS = {
  ArrowLeft: (chart) => chart.panBy(-MOVE_SHARE),
  ArrowRight: (chart) => chart.panBy(MOVE_SHARE),
  '+': KEYS['+'],
};

/** What a key does to the chart; undefined for keys that are not the chart's, or are the browser's. */
export function keyAction({ key, shiftKey, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey) return undefined;
  return (shiftKey ? SHIFT_KEYS : KEYS)[key];
}
