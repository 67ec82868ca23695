import { childOf, childText, splice, textOf, walk } from './xmlTree.ts';
import type { XmlNode } from './xmlTree.ts';

/** A change of an element that a careless hand could make. */
export interface Change {
  /** What was done, without the element's name: `fault path removed`. */
  readonly what: string;
  readonly xml: string;
}

/** Looks at an element of a flow (a child of the root) and makes each of its changes. */
export type Operator = (xml: string, element: XmlNode) => Change[];

const remove = (xml: string, node: XmlNode): string =>
  splice(xml, [{ start: node.start, end: node.end, text: '' }]);

const rewrite = (xml: string, node: XmlNode, text: string): string =>
  splice(xml, [{ start: node.innerStart, end: node.innerEnd, text }]);

/** Connectors by how they are told apart: that of an outcome by the outcome's name. */
function connectors(xml: string, element: XmlNode): { node: XmlNode; label: string }[] {
  const of = (parent: XmlNode, before: string) =>
    parent.children
      .filter(({ name }) => /connector$/i.test(name))
      .map((node) => ({ node, label: `${before}${node.name}` }));
  const inner = element.children.filter(
    ({ name }) => name === 'rules' || name === 'scheduledPaths',
  );
  return [
    ...of(element, ''),
    ...inner.flatMap((part) => of(part, `${childText(xml, part, 'name')} `)),
  ];
}

export const renameTarget: Operator = (xml, element) =>
  connectors(xml, element).flatMap(({ node, label }) => {
    const target = childOf(node, 'targetReference');
    if (target === undefined) return [];
    return [{ what: `${label} leads nowhere`, xml: rewrite(xml, target, 'Nowhere_At_All') }];
  });

export const removeConnector: Operator = (xml, element) =>
  connectors(xml, element).map(({ node, label }) => ({
    what: label === 'faultConnector' ? 'fault path removed' : `${label} removed`,
    xml: remove(xml, node),
  }));

/* Each condition operator with one that says otherwise for some values. */
const OTHER_OPERATOR: Readonly<Record<string, string>> = {
  EqualTo: 'NotEqualTo',
  NotEqualTo: 'EqualTo',
  GreaterThan: 'LessThan',
  LessThan: 'GreaterThan',
  GreaterThanOrEqualTo: 'LessThanOrEqualTo',
  LessThanOrEqualTo: 'GreaterThanOrEqualTo',
  StartsWith: 'EndsWith',
  EndsWith: 'StartsWith',
  IsNull: 'EqualTo',
  Contains: 'NotEqualTo',
};

export const swapOperator: Operator = (xml, element) =>
  [...walk(element)]
    .filter(({ name }) => name === 'conditions' || name === 'filters')
    .flatMap((condition) => childOf(condition, 'operator') ?? [])
    .map((node, index) => {
      const operator = textOf(xml, node);
      const other = OTHER_OPERATOR[operator] ?? 'EqualTo';
      return {
        what: `operator ${index + 1} ${operator} → ${other}`,
        xml: rewrite(xml, node, other),
      };
    });

export const dropOutcome: Operator = (xml, element) =>
  element.children
    .filter(({ name }) => name === 'rules')
    .map((rule) => ({
      what: `outcome ${childText(xml, rule, 'name')} dropped`,
      xml: remove(xml, rule),
    }));

/** Two outcomes trade places: the first that fits is taken. */
export const swapOutcomes: Operator = (xml, element) => {
  const rules = element.children.filter(({ name }) => name === 'rules');
  return rules.slice(1).flatMap((second, index) => {
    const first = rules[index];
    if (first === undefined) return [];
    return [
      {
        what: `outcomes ${childText(xml, first, 'name')} and ${childText(xml, second, 'name')} swapped`,
        xml: splice(xml, [
          { start: first.start, end: first.end, text: xml.slice(second.start, second.end) },
          { start: second.start, end: second.end, text: xml.slice(first.start, first.end) },
        ]),
      },
    ];
  });
};

export const changeLiteral: Operator = (xml, element) =>
  [...walk(element)]
    .filter(({ name }) => /^(?:string|number|boolean)Value$/.test(name))
    .map((node, index) => {
      const text = textOf(xml, node);
      const other =
        node.name === 'numberValue'
          ? String(Number(text) + 1)
          : node.name === 'booleanValue'
            ? String(text !== 'true')
            : `${text}x`;
      return {
        what: `literal ${index + 1} '${text}' → '${other}'`,
        xml: rewrite(xml, node, other),
      };
    });

/** Items of a list of assignments: what is assigned to, or which field. */
const TARGETS: Readonly<Record<string, string>> = {
  assignmentItems: 'assignToReference',
  inputAssignments: 'field',
};

export const swapAssignedFields: Operator = (xml, element) =>
  Object.entries(TARGETS).flatMap(([list, target]) => {
    const items = element.children.filter(({ name }) => name === list);
    return items.slice(1).flatMap((second, index) => {
      const a = childOf(items[index] ?? second, target);
      const b = childOf(second, target);
      if (a === undefined || b === undefined || textOf(xml, a) === textOf(xml, b)) return [];
      return [
        {
          what: `${textOf(xml, a)} and ${textOf(xml, b)} swapped`,
          xml: splice(xml, [
            { start: a.innerStart, end: a.innerEnd, text: textOf(xml, b) },
            { start: b.innerStart, end: b.innerEnd, text: textOf(xml, a) },
          ]),
        },
      ];
    });
  });

/** An assignment, a condition or a filter that is forgotten. */
export const dropItem: Operator = (xml, element) =>
  [...walk(element)]
    .filter(({ name }) =>
      ['assignmentItems', 'inputAssignments', 'filters', 'conditions'].includes(name),
    )
    .map((node, index) => {
      const about = ['assignToReference', 'field', 'leftValueReference']
        .map((name) => childText(xml, node, name))
        .find((text) => text !== '');
      return { what: `${node.name} ${index + 1} (${about ?? ''}) dropped`, xml: remove(xml, node) };
    });

export const changeLogic: Operator = (xml, element) =>
  [...walk(element)]
    .filter(({ name }) => name === 'conditionLogic' || name === 'filterLogic')
    .flatMap((node, index) => {
      const logic = textOf(xml, node);
      const other = logic === 'and' ? 'or' : logic === 'or' ? 'and' : undefined;
      // With one condition both say the same.
      const parent = [...walk(element)].find(({ children }) => children.includes(node));
      const count = parent?.children.filter(({ name }) =>
        /^(?:conditions|filters)$/.test(name),
      ).length;
      if (other === undefined || (count ?? 0) < 2) return [];
      return [
        { what: `${node.name} ${index + 1} ${logic} → ${other}`, xml: rewrite(xml, node, other) },
      ];
    });

/* Parts of formulas and what a slip makes of them. */
const SLIPS: readonly (readonly [RegExp, string])[] = [
  [/&amp;&amp;/g, '||'],
  [/\|\|/g, '&amp;&amp;'],
  [/\bAND\(/g, 'OR('],
  [/\bOR\(/g, 'AND('],
  [/\bNOT\(/g, '('],
  [/&lt;&gt;|!=/g, '='],
  [/&gt;=?/g, '&lt;'],
  [/\bISBLANK\(/g, 'NOT('],
  [/\bISNEW\(\)/g, 'false'],
  [/\bISCHANGED\(/g, 'ISBLANK('],
];

/** Formulas, text templates and entry formulas. */
export const changeFormula: Operator = (xml, element) =>
  element.children
    .filter(({ name }) => ['expression', 'text', 'filterFormula'].includes(name))
    .flatMap((node) => {
      const text = textOf(xml, node);
      if (node.name === 'text')
        return [{ what: 'template changed', xml: rewrite(xml, node, `${text}x`) }];
      const change = (match: RegExpExecArray, slip: string): string =>
        text.slice(0, match.index) + slip + text.slice(match.index + match[0].length);
      const literals = [...text.matchAll(/(&quot;|")(.*?)\1/g)];
      return [
        ...SLIPS.flatMap(([part, slip]) =>
          [...text.matchAll(part)].map((match, index) => ({
            what: `${match[0]} ${index + 1} of the formula → ${slip}`,
            xml: rewrite(xml, node, change(match, slip)),
          })),
        ),
        ...literals.map((match, index) => ({
          what: `text ${index + 1} of the formula changed`,
          xml: rewrite(xml, node, change(match, `${match[1]}${match[2]}x${match[1]}`)),
        })),
      ];
    });

/* One word for another, wherever the element has it. */
const OTHER_WORD: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sortOrder: { Asc: 'Desc', Desc: 'Asc' },
  recordTriggerType: { Create: 'Update', Update: 'Create', CreateAndUpdate: 'Create' },
  iterationOrder: { Asc: 'Desc', Desc: 'Asc' },
  getFirstRecordOnly: { true: 'false', false: 'true' },
  doesRequireRecordChangedToMeetCriteria: { true: 'false', false: 'true' },
};

export const changeWord: Operator = (xml, element) =>
  element.children.flatMap((node) => {
    const word = textOf(xml, node);
    const other = OTHER_WORD[node.name]?.[word];
    return other === undefined
      ? []
      : [{ what: `${node.name} ${word} → ${other}`, xml: rewrite(xml, node, other) }];
  });

export const OPERATORS: Readonly<Record<string, Operator>> = {
  renameTarget,
  removeConnector,
  swapOperator,
  dropOutcome,
  swapOutcomes,
  changeLiteral,
  swapAssignedFields,
  dropItem,
  changeLogic,
  changeFormula,
  changeWord,
};
