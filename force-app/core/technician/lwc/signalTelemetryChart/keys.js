const KEYS = {
  ArrowLeft: ['read', -1],
  ArrowRight: ['read', 1],
  Home: ['readEdge', 'from'],
  End: ['readEdge', 'to'],
  Escape: ['leave'],
  '+': ['zoomIn'],
  '=': ['zoomIn'],
  '-': ['zoomOut'],
  0: ['reset'],
};
const SHIFT_KEYS = { ArrowLeft: ['earlier'], ArrowRight: ['later'], '+': ['zoomIn'] };

/**
 * What a key asks of the chart, as `[command, argument]`; undefined for keys that are not the chart's or
 * that are the browser's.
 */
export function commandOf({ key, shiftKey, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey) return undefined;
  return (shiftKey ? SHIFT_KEYS : KEYS)[key];
}
