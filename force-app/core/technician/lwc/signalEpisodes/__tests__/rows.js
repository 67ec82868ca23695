/** An edge of a GraphQL answer over Asset_Signal__c, as the panels' queries ask for it. */
export function row(fields, related) {
  const values = {
    Severity__c: 'High',
    Signal_Type__c: 'fault.vibration-high',
    Device_Key__c: 'pump-001',
    ...fields,
  };
  const node = { Id: `a00${values.Episode_Key__c}${values.Phase__c}${values.Occurred_At_Ms__c}` };
  for (const [name, value] of Object.entries(values)) node[name] = { value };
  if (related) node.Case__r = related;
  return { node };
}

/** An event of the episode `key`: its phase and when it happened (ms). */
export function event(key, phase, at, fields = {}, related = undefined) {
  return row({ Episode_Key__c: key, Phase__c: phase, Occurred_At_Ms__c: at, ...fields }, related);
}
