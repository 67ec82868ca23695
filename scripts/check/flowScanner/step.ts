import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSchema } from '../metadata/schema.ts';
import type { Step } from '../step.ts';
import { type Exceptions, scanFlows } from './scan.ts';

const EXCEPTIONS: Exceptions = {
  rulesOff: {
    TriggerOrder:
      'It wants a number on every flow. Our own rule wants one where two flows start at the same moment, which is where it decides something.',
    UnsafeRunningContext:
      'Our own rule (flowMode) wants each flow that runs in system mode to say why: the bridge user may neither see Cases nor write failures.',
  },
  flows: {
    'Signal_SFL_Route CyclomaticComplexity':
      'The one flow that says what becomes of a signal: each of its ways is a reason of its own, and a second flow would read policy and Case again.',
    'Policy_SCR_LoadStarters DuplicateDMLOperation':
      'Only a save that was refused leads back to the choice, and what is there already is looked up before each save; so nothing is made twice.',
    'Device_SCR_MapUnknown DuplicateDMLOperation':
      'Only a save that was refused leads back to a screen, and the device is made only while the flow holds no id of it; so nothing is made twice.',
  },
};

/** The flows under the rules of the Flow Scanner, a second opinion by people who did not write them. */
export const flowScannerStep: Step = {
  name: 'flows',
  run(root) {
    const flows = globSync('force-app/**/*.flow-meta.xml', { cwd: root })
      .toSorted()
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
    return Promise.resolve(
      flows.length === 0
        ? ['force-app holds no flow']
        : scanFlows(loadSchema(root), flows, EXCEPTIONS),
    );
  },
};
