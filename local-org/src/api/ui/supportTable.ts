/** What the UI API can do, for SUPPORT.md. */
export const UI_SUPPORT: Readonly<Record<string, string>> = {
  'GET /ui-api/records/:id':
    'fields, optionalFields, over parents too (Asset.Account.Name). Refused: layoutTypes, modes, childRelationships and every other parameter.',
  'POST /ui-api/records': 'apiName, fields; answers with all fields that the user may read.',
  'PATCH /ui-api/records/:id': 'fields; answers with all fields that the user may read.',
  'DELETE /ui-api/records/:id': 'supported',
  'GET /ui-api/object-info/:object':
    'the object and its fields as the user may use them; no child relationships, icons or dependent picklists.',
};
