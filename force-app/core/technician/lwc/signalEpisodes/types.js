import { labels } from 'c/signalLabels';

const FAMILIES = {
  fault: labels.familyFault,
  anomaly: labels.familyAnomaly,
  prediction: labels.familyPrediction,
  connectivity: labels.familyConnectivity,
  usage: labels.familyUsage,
  sla: labels.familySla,
  drift: labels.familyDrift,
  security: labels.familySecurity,
};

/* The types of the starter policies; administrators invent further ones, which are read out as they are. */
const TYPES = {
  'fault.vibration-high': labels.typeVibrationHigh,
  'fault.pressure-low': labels.typePressureLow,
  'fault.sensor-stuck': labels.typeSensorStuck,
  'anomaly.range': labels.typeRange,
  'anomaly.shift': labels.typeShift,
  'connectivity.silent': labels.typeSilent,
};

/** A signal type in words: its `family` and its `title`; an unknown one keeps its own words. */
export function typeWords(type) {
  const dot = type.indexOf('.');
  const family = type.slice(0, Math.max(dot, 0));
  return {
    family: FAMILIES[family] ?? sentence(family),
    title: TYPES[type] ?? sentence(type.slice(dot + 1)),
  };
}

function sentence(words) {
  const text = words.replace(/[-_.]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
