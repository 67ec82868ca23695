import type { FlowElement, Target } from './model.ts';

/** Where an element's arrows lead. */
export function targetsOf(element: FlowElement): Target[] {
  switch (element.kind) {
    case 'decisions':
      return [element.next, ...element.rules.map((rule) => rule.next)];
    case 'loops':
      return [element.next, element.body];
    case 'recordLookups':
    case 'recordCreates':
    case 'recordUpdates':
    case 'recordDeletes':
    case 'actionCalls':
      return [element.next, element.fault];
    case 'assignments':
    case 'collectionProcessors':
    case 'subflows':
    case 'screens':
      return [element.next];
    case 'customErrors':
      return [];
  }
}
