import type { ElementKind } from './model.ts';

/** What is supported of each element, and what of it is refused; for SUPPORT.md. */
export const ELEMENT_SUPPORT: { readonly [Kind in ElementKind]: string } = {
  recordLookups:
    'first record or collection; sort, limit; output automatic, to a record variable or field by field. One query for all interviews that wait at it. An id field compared with what is no id faults.',
  recordCreates:
    'from field values, a record or a collection; partial save; an event object is published. upsert by an external id or `Id`, partial or all or none. Refused: `operation…`.',
  recordUpdates:
    'by conditions, by a record or a collection; partial save; `$Record` in a before-save flow. Refused: no conditions at all, conditions together with a reference.',
  recordDeletes: 'by conditions or reference; all or nothing. Refused: no conditions at all.',
  decisions:
    'conditions with `and`, `or` or custom logic; outcomes only when the record has just come to meet them.',
  assignments:
    'variables, fields of record variables, fields of `$Record`; see the operators. `Assign` without a value empties.',
  loops: 'forwards and backwards, automatic item or item variable; an item is a copy.',
  collectionProcessors:
    'Filter (conditions or a formula), Sort (of the collection itself, with a limit). Refused: the others.',
  subflows:
    'active flows without a trigger; inputs, outputs. Refused: from event-triggered and before-save flows, circles, reading outputs through the element name.',
  actionCalls:
    '`customNotificationAction` (customNotifTypeId, recipientIds: users and queues, title, body, targetId, senderId) and `emailSimple` (emailAddresses, emailAddressesArray, emailSubject, emailBody, sendRichBody); all or nothing over the interviews of a batch; past an allocation of the edition what is sent is lost, not a fault. Refused: every other action and input, before-save flows.',
  screens: 'in screen flows (`processType` Flow); see Screens.',
  customErrors: 'in record-triggered flows, for the record or a field. Refused: a connector.',
};

/** Elements of the Metadata API that this org refuses (Metadata API Developer Guide, "Flow", v66). */
export const REFUSED_ELEMENTS = [
  'apexPluginCalls',
  'experiments',
  'orchestratedStages',
  'recordRollbacks',
  'stages',
  'steps',
  'transforms',
  'waits',
] as const;

/** How a flow may start. */
export const START_SUPPORT: Readonly<Record<string, string>> = {
  '(none)': 'autolaunched, as a subflow',
  PlatformEvent:
    'at most 200 events a batch, in the order of the replay id; as the user who published. Refused: filters, another user.',
  RecordBeforeSave: 'Create, Update, CreateAndUpdate; filters, `filterFormula`; no saves',
  RecordAfterSave:
    'Create, Update, CreateAndUpdate; filters, `filterFormula`, only when changed to meet them; one asynchronous path (`AsyncAfterCommit`); scheduled paths in Minutes, Hours or Days from a date field or from the save. Refused: Months, entry conditions with ISNEW, ISCHANGED or PRIORVALUE together with scheduled paths.',
  RecordBeforeDelete:
    'filters, `filterFormula`; before the record goes, in the same transaction; saves, events, actions, custom errors. Refused: assigning to `$Record`, what asks for changes, other paths. Records that go with their parents set nothing off.',
  Scheduled:
    'Once, Daily, Weekly, at a time in UTC; one interview for each record that meets the filters, in batches of 200, or one without a record.',
};

/** What of screens is supported; for SUPPORT.md. */
export const SCREEN_SUPPORT: Readonly<Record<string, string>> = {
  screens:
    'label, help, `showHeader`, `showFooter`, `allowBack`, `allowFinish` (hides the button that goes on), own labels of the buttons. `allowPause` shows nothing: the setting that lets users pause is off. Refused: actions, triggers, stages, styles of a screen.',
  DisplayText:
    'formatted text with merge fields, whose values are always text. Refused: images and other tags.',
  InputField:
    'String, Number (`scale`), Boolean, Date, DateTime; default value, required, `validationRule`, help. Refused: Currency, read-only and disabled fields.',
  LargeTextArea: 'as InputField.',
  RadioButtons: 'choices and choice sets; a default choice or value, required, `validationRule`.',
  DropdownBox: 'as RadioButtons.',
  MultiSelectCheckboxes: 'String only; the chosen values with `;` between them.',
  choices:
    'with a value, which may be a reference. Texts and text templates show the label, all else takes the value. Refused: without one; `userInput`, icons.',
  dynamicChoiceSets:
    'of records (filters, sort, limit, `valueField`, `outputAssignments`) and of picklist fields. Refused: of collections, of multi-select picklists.',
  visibilityRule:
    'conditions, also over fields of the same screen; no text counts as empty text. A hidden field has no value and is not required.',
  '(others)':
    'refused: components, sections, repeaters, lookups and fields of records (`ComponentInstance`, `RegionContainer`, `Repeater`, `ObjectProvided`, …), passwords.',
};

/** In whose name flows run; for SUPPORT.md. */
export const RUN_MODE_SUPPORT: Readonly<Record<string, string>> = {
  DefaultMode:
    'a screen flow runs as its user: object permissions, field-level security and sharing of Get, Create, Update, Delete, choice sets and fields through lookups. A flow with a trigger runs as the system, one that is called as its caller.',
  SystemModeWithSharing: 'sharing of its user only; not for flows with a trigger.',
  SystemModeWithoutSharing: 'everything is allowed.',
};
