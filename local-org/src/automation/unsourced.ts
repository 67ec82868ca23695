/** What this org does where nobody outside Salesforce says what an org does. */
export interface Choice {
  readonly about: string;
  readonly chosen: string;
}

/**
 * Choices that no public source was found for and that are no switch, because no client or flow we
 * know depends on them. `local-org/ASSUMPTIONS.md` lists them.
 */
export const UNSOURCED: readonly Choice[] = [
  {
    about: 'REST: the columns that query?columns=true tells',
    chosen:
      'The parameter is in no guide. The answer has what the Salesforce CLI reads; functions are shown as count(Id).',
  },
  {
    about: 'Metadata API: the texts of component failures',
    chosen: "This org's own, from its loader; an org words and counts its problems otherwise.",
  },
  {
    about:
      'Bulk API 2.0: how long jobs are kept, and the text for a value that its field cannot hold',
    chosen: 'As long as the process; the text of a save of such a value through REST.',
  },
  {
    about: 'REST: deleting without the right to delete',
    chosen:
      'INSUFFICIENT_ACCESS_OR_READONLY with 403, as for a record that may not be changed; only "entity type cannot be inserted" and "… updated" are in public logs.',
  },
  {
    about: 'REST: changing or deleting a record that sharing hides',
    chosen: 'Answered as if there were none: INVALID_CROSS_REFERENCE_KEY with 404.',
  },
  {
    about: 'REST: a lookup to a deleted record',
    chosen: 'INVALID_CROSS_REFERENCE_KEY with 400 and the field, as for one that never was.',
  },
  {
    about: 'REST: the ids in "more than one record found for external id field"',
    chosen: '15 characters, as in "duplicates value on record with id".',
  },
  {
    about: 'REST: too many subrequests, queries or records in one call',
    chosen:
      'LIMIT_EXCEEDED (composite) and EXCEEDED_ID_LIMIT (collections) with 400; the guide gives the numbers, not the answers.',
  },
  {
    about: 'REST: a lookup to a record that the user may not read',
    chosen:
      'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY with 400, the 15 characters of the id, no fields; also when the value is the one that stands there.',
  },
  {
    about: 'Sharing: the fields of a parent that the user may not read',
    chosen: 'Empty in every API, in results, filters and orders.',
  },
  {
    about: 'Pages: whether their own requests count as API requests',
    chosen: 'They do not: a request with the session cookie is not counted.',
  },
  {
    about: 'UI API: an id that nothing has, or a deleted record',
    chosen: 'NOT_FOUND with 404 for reading, changing and deleting.',
  },
  {
    about: 'UI API and GraphQL: how a Number is shown',
    chosen:
      'With grouping and all digits of its scale (1,234.50); public recordings show whole numbers, and older ones of the UI API no displayValue at all.',
  },
  {
    about: 'GraphQL: data of a query that is not run, and wordings other than of unknown fields',
    chosen:
      'data is an empty object, as in a public recording; the sentences are those of the graphql library, with the ErrorType of the guide.',
  },
  {
    about: 'GraphQL: first beyond 2,000, a cursor that is none, paging past 2,000 records',
    chosen: 'A DataFetchingException of that part; the rest of the query is answered.',
  },
  {
    about: 'SOQL: a query that does not parse',
    chosen: "MALFORMED_QUERY with the parser's own sentence; an org names the unexpected token.",
  },
  {
    about: 'OAuth: an assertion that is expired or signed by another key',
    chosen:
      'invalid_grant "invalid assertion"; clocks may differ by 10 seconds, and exp may lie as far ahead as it likes.',
  },
  {
    about: 'OAuth: a user name that the org does not have',
    chosen: 'invalid_grant "user hasn\'t approved this consumer".',
  },
  { about: 'OAuth: revoking an unknown token', chosen: '400 unsupported_token_type.' },
  {
    about: 'Pub/Sub API: the message of an event that failed',
    chosen:
      'CODE: sentence. The codes LIMIT_EXCEEDED and PLATFORM_EVENT_PUBLISHING_UNAVAILABLE are documented; SCHEMA_VALIDATION, INVALID_CREATED_BY, INVALID_ID and PUBLISH_LIMIT are ours.',
  },
  {
    about: 'Pub/Sub API: the gRPC status of an error code',
    chosen: 'The closest one where the guide lists only the code.',
  },
  {
    about: 'Flow: twelve duplicate updates in one batch',
    chosen: 'The first update counts as one of the twelve; the rows after the twelfth fail.',
  },
  {
    about: 'Flow: dates and numbers in a text template',
    chosen:
      'As for an English (United States) user in UTC: 11/23/2026, 6:00 AM; numbers without grouping. An org uses the locale of the running user.',
  },
  {
    about: 'Flow: Collection Sort',
    chosen:
      'Orders the collection it is given, and cuts it to its limit; it has no output of its own.',
  },
  {
    about: 'Flow: empty values in a sorted Get Records',
    chosen: 'First when ascending, last when descending.',
  },
  {
    about: 'Flow: a path with Run Asynchronously that a governor limit undid',
    chosen:
      'Runs again by the same schedule as after any unhandled error. (The page on bulkification says the transaction "doesn\'t try to perform the operations again", which is read as: not at once.)',
  },
  {
    about: 'Flow: scheduled paths of a record that is saved again',
    chosen:
      'Every save asks for the entry conditions, also of a flow that runs only for new records: where they are not met the path is dropped, where the date it goes by has moved it moves too. A save that sets the flow off again replaces what waits. (A public package, Flowdometer, counts on more: that a path which has run already, or whose date was empty, is set again when its date changes while the conditions hold.)',
  },
  {
    about: 'Flow: a scheduled path that fails unhandled',
    chosen: 'Runs again by the schedule of paths with Run Asynchronously.',
  },
  {
    about: 'Flow: times of a scheduled flow that pass while the org does not run',
    chosen: 'Are made up for once, at the start. An interview of it that fails is not tried again.',
  },
  {
    about: 'Flow: the Default Workflow User, who runs scheduled flows',
    chosen: 'The oldest System Administrator, else the Automated Process user.',
  },
  {
    about: 'Flow: faults of actions',
    chosen:
      "This org's own texts. An unknown recipient or address fails the action; a queue without members is no fault and reaches nobody.",
  },
  {
    about: 'Flow: TEXT of a number between -1 and 1',
    chosen:
      'With its zero: 0.5. A formula field of an org gives .5 (a public ledger of formulas tried in an org); whether a flow does is not known, so the package writes JSON that holds either way.',
  },
  {
    about: 'Flow: the scale of a Number formula or variable',
    chosen: 'Rounds nothing. Fields round what is saved in them.',
  },
  {
    about: 'Flow: a formula that cannot be computed',
    chosen:
      'Fails its element, and where rows of several interviews meet, for all of them. (A public ledger of formulas tried in an org says that a division by zero gives nothing in a flow; the package divides by no field.)',
  },
  {
    about: 'Validation rules: the order of several that are true',
    chosen: 'By their names; each is an error of its own.',
  },
  {
    about: 'Validation rules: a formula that cannot be computed',
    chosen:
      'Refuses the row with FORMULA_EXPRESSION_INVALID, which names the rule. (That ledger has FIELD_CUSTOM_VALIDATION_EXCEPTION and "Validation Formula … Invalid (Division by zero)".)',
  },
  {
    about: 'Validation rules: an empty number',
    chosen:
      'Is neither smaller nor greater than any number, nor unequal to one, as in the formulas of flows. (One who tried says so: sfdc-learn.blogspot.com 2022/01, a sum with an empty field refuses nothing; and the old help on ISNULL asks for it "to include fields that do not contain any value".)',
  },
  {
    about: 'Flow: scheduled paths of a flow that runs on every update',
    chosen:
      'Run. Flow Builder offers them only together with "Only when a record is updated to meet the condition requirements", so those of the package have that; what a deployment of another flow says is not known.',
  },
  {
    about:
      'Flow: Get Records and choices of CaseStatus, PermissionSet, PermissionSetGroup and their like',
    chosen:
      'Any object of the org can be got. Which objects Flow Builder offers is in no public list.',
  },
  {
    about: 'Permission sets: rights on Account, Contact, Asset and Case that build on each other',
    chosen:
      'Are not asked for; the check of the package asks for them, as deployments say "Permission Read Account depends on permission(s): Read Contact" in some orgs.',
  },
  {
    about: 'Validation rules: ids, numbers and stamps that the platform gives as it saves',
    chosen: 'Of a new row they are empty, of a changed row as they were before.',
  },
  {
    about:
      'Formula fields: a formula that cannot be computed, or a value that does not fit the field',
    chosen: 'The field is empty.',
  },
  {
    about: 'Formula fields in a before-save flow',
    chosen:
      'As of the start of the first flow; what flows change counts when the row is read again.',
  },
  {
    about: 'Field history of standard objects',
    chosen:
      'Is on for each with a field that has trackHistory. In an org an administrator switches it on for the object, and the fields of the platform with it; those are not tracked here.',
  },
  {
    about: 'Field history: values that are no text',
    chosen:
      'OldValue and NewValue are texts (2.5, true, 2026-11-23T06:00:00.000Z); an org gives numbers and booleans as such.',
  },
  {
    about: 'Field history: a lookup',
    chosen: 'Two rows for each change: one with the names, then one with the ids.',
  },
  {
    about: 'Field history: a field changed several times in one transaction',
    chosen: 'Each save leaves its own row.',
  },
  {
    about: 'Save: digits past the scale of a Number',
    chosen: 'Rounded, half away from zero.',
  },
  {
    about: 'Save: two failures of one row',
    chosen:
      'Missing required fields are told alone; else every field that is wrong, in the order of the object.',
  },
  {
    about: 'Pages: when a wire gives something',
    chosen:
      'First `{data: undefined, error: undefined}` (`errors` for GraphQL); then each answer that differs from the one before.',
  },
  {
    about: 'Pages: GraphQL answers that hold a record which has changed',
    chosen: 'Are asked for again.',
  },
  {
    about: 'Pages: tabs of standard objects',
    chosen:
      'Everybody sees those of the app: they belong to profiles, which the org has by name only.',
  },
  {
    about: 'Tasks: a record that is deleted',
    chosen:
      'Takes the tasks along that are related to it (WhatId); from the tasks of a deleted contact only the name goes.',
  },
  {
    about: 'Tasks: who may see and change them',
    chosen:
      'Activities are Private, the default of an org; ActivitiesAccess gives reading, EditTask all rights to the tasks one owns. Their fields have no permissions of their own.',
  },
  {
    about: 'Tasks: which statuses are closed, which priorities high',
    chosen: 'Completed and High, as in a new org; TaskStatus and TaskPriority are not there.',
  },
  {
    about: 'Data storage',
    chosen:
      'Comments, history, setup and the recycle bin take none. Past 105 % creating is refused, as one source says.',
  },
  {
    about: 'Geolocations: a number past its bounds, and a latitude without a longitude',
    chosen: 'NUMBER_OUTSIDE_VALID_RANGE with the field; one number alone is saved.',
  },
  {
    about: 'Screen flows: what its user may not read',
    chosen:
      'Get Records on such an object faults with INVALID_TYPE, a filter or order by such a field with INVALID_FIELD, as a query of the API; such fields of a record that is got are empty. A record variable that is saved again faults only for fields that were changed in it.',
  },
  {
    about: 'Screen flows: going back',
    chosen:
      'Shows the former screen with its answers; variables, loops and what was saved stay as they are, so elements between two screens run again.',
  },
  {
    about: 'Screen flows: Next and Finish, and the screen’s own label',
    chosen:
      'The button says Finish where no way leads to another screen. The label of a screen is read out, not shown; the header shows that of the flow.',
  },
  {
    about: 'Screen flows: a visited screen, and a field that is hidden when the screen is left',
    chosen:
      'The screen keeps its answers, unless its field resets them; the hidden field, which has no value then, begins empty.',
  },
  {
    about: 'Screen flows: a choice in a formula',
    chosen:
      'Its value, as a Salesforce engineer wrote of formulas in 2012; the help says that text formulas show the label, as texts do.',
  },
  {
    about: 'Screen flows: two choices of one field with the same value',
    chosen: 'The first one counts.',
  },
  {
    about: 'Permission set groups: the permission set that stands for a group',
    chosen:
      'Has the Type Group, the label of the group and X with the id of the group as its Name. Profiles have no such set, and no assignment.',
  },
];
