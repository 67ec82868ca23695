/**
 * Who may do what, written down by hand: it is what docs/admin.md promises, not what the permission
 * sets happen to say. Columns are jobs.
 */

/** C creates; R reads records of others, r only one's own; D deletes those of others, d only one's own. */
export const RIGHTS = `
                          bridge technician manager steward sender approver administrator nobody
Account                   R      R          R       R       R      R        R             -
Asset                     R      R          R       R       R      R        R             -
Case                      R      R          R       R       R      R        R             -
Asset_Signal__c           R      R          R       R       -      -        RD            -
Signal_Failure__c         R      -          -       -       -      -        RD            -
Signal_Device__c          R      R          R       CRD     R      R        CRD           -
Signal_Installation__c    R      R          R       CRD     -      -        CRD           -
Signal_Ownership__c       R      R          R       CRD     -      -        CRD           -
Signal_Policy__c          R      R          CR      R       -      -        CRD           -
Signal_Policy_Version__c  -      -          R       -       -      -        R             -
Signal_Proposal__c        -      -          CR      -       -      -        CRD           -
Signal_Command_Type__c    R      -          -       -       R      R        CRD           -
Signal_Command__c         RD     -          -       -       Cr     RD       RD            -
Signal_Bridge__c          CR     -          R       -       -      -        RD            -
Signal_Bridge_Day__c      CR     -          R       -       -      -        RD            -
Signal_Baseline__c        -      -          CRD     -       -      -        CRD           -
Telemetry_View__c         RD     Crd        Crd     Crd     -      -        CRD           -
Asset_Signal__e           C      -          -       -       -      -        -             -
Signal_Notice__e          -      -          -       -       -      -        -             -
`;

/** w writes; o writes in one's own records only; r reads only; ! is refused by a rule whoever one is; - does not even know of it. */
export const FIELDS = `
                                           bridge technician manager steward sender approver administrator nobody
Asset.Signal_Renewal_Health__c             -      r          r       r       -      -        r             -
Case.Signal_Outcome__c                     r      w          w       r       -      -        w             -
Case.Signal_Episode_Key__c                 r      r          r       r       -      -        r             -
Case.Signal_Snapshot__c                    -      r          r       r       -      -        r             -
Asset_Signal__c.Severity__c                !      r          !       !       -      -        !             -
Asset_Signal__c.Confidence__c              -      r          r       r       -      -        r             -
Asset_Signal__c.Snapshot__c                -      r          r       r       -      -        r             -
Asset_Signal__c.Disposition__c             r      r          r       r       -      -        w             -
Asset_Signal__c.Review_Reason__c           r      r          w       r       -      -        w             -
Asset_Signal__c.Asset__c                   w      r          r       w       -      -        w             -
Asset_Signal__c.Case__c                    r      r          r       r       -      -        w             -
Asset_Signal__c.Retry_Requested_At__c      w      r          w       r       -      -        w             -
Asset_Signal__c.Purge_On__c                -      r          r       r       -      -        w             -
Signal_Failure__c.Payload__c               -      -          -       -       -      -        r             -
Signal_Device__c.Aliases__c                r      r          r       w       -      -        w             -
Signal_Device__c.Device_Type__c            r      r          r       w       r      r        w             -
Signal_Installation__c.Asset__c            r      r          r       w       -      -        w             -
Signal_Installation__c.Place__c            -      r          r       w       -      -        w             -
Signal_Installation__c.Timeline_Problem__c -      r          r       r       -      -        r             -
Signal_Ownership__c.Account__c             r      r          r       w       -      -        w             -
Signal_Policy__c.Limit__c                  r      r          w       r       -      -        w             -
Signal_Policy__c.Active__c                 r      r          w       r       -      -        w             -
Signal_Policy__c.Queue__c                  -      r          w       r       -      -        w             -
Signal_Policy__c.Version__c                r      r          r       r       -      -        r             -
Signal_Policy__c.Bridge_Status__c          w      r          r       r       -      -        r             -
Signal_Policy__c.Bridge_Message__c         w      r          r       r       -      -        r             -
Signal_Policy_Version__c.Content__c        -      -          r       -       -      -        r             -
Signal_Proposal__c.Status__c               -      -          w       -       -      -        !             -
Signal_Proposal__c.Reason__c               -      -          w       -       -      -        w             -
Signal_Proposal__c.Decided_By__c           -      -          r       -       -      -        r             -
Signal_Proposal__c.Back_Test__c            -      -          r       -       -      -        r             -
Signal_Command_Type__c.Maximum__c          r      -          -       -       r      r        w             -
Signal_Command_Type__c.Needs_Approval__c   -      -          -       -       r      r        w             -
Signal_Command__c.Status__c                !      -          -       -       r      w        r             -
Signal_Command__c.Value__c                 r      -          -       -       r      r        r             -
Signal_Command__c.Approved_By__c           -      -          -       -       r      r        r             -
Signal_Command__c.Bridge_Message__c        w      -          -       -       r      r        r             -
Signal_Bridge__c.Dead_Letters__c           o      -          r       -       -      -        r             -
Signal_Bridge__c.Heartbeat_Due_At__c       o      -          r       -       -      -        w             -
Signal_Bridge__c.Silent_Since__c           -      -          r       -       -      -        r             -
Signal_Bridge_Day__c.Readings__c           o      -          r       -       -      -        r             -
Signal_Baseline__c.Source__c               -      -          w       -       -      -        w             -
Telemetry_View__c.Requested_At__c          -      o          o       o       -      -        w             -
Telemetry_View__c.Live_Until__c            r      o          o       o       -      -        w             -
Telemetry_View__c.Series__c                w      r          r       r       -      -        r             -
`;

/** x may run the screen flow. */
export const FLOWS = `
                          bridge technician manager steward sender approver administrator nobody
Signal_SCR_Review         -      -          x       -       -      -        x             -
Device_SCR_MapUnknown     -      -          -       x       -      -        x             -
Policy_SCR_LoadStarters   -      -          x       -       -      -        x             -
Setup_SCR_FirstSteps      -      -          -       -       -      -        x             -
`;

/** A table by row and column. */
export type Table = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads one of the tables above. */
export function readTable(text: string): Table {
  const [head = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.map(([name = '', ...cells]) => {
      if (cells.length !== head.length) throw new Error(`${name}: ${cells.length} cells`);
      return [name, new Map(head.map((job, index) => [job, cells[index] ?? '']))];
    }),
  );
}
