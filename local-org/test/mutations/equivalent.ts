/** Mutants that no case can find out, because they do what the flow does. Each says why; one that is found out is stale. */
export const EQUIVALENT: Readonly<Record<string, string>> = {
  'Signal_SFL_Route.Can_Signal_Be_Routed: outcomes Policy_Is_Missing and Policy_Is_Inactive swapped':
    'a policy that is missing is not inactive, and one that is inactive is not missing',
  'Signal_SFL_Route.policyMissingReason: text 2 of the formula changed':
    'the words for an empty key: Asset_Signal__c.Policy_Key__c is required',
  'Signal_SFL_Route.assetMissingReason: text 2 of the formula changed':
    'the words for an empty key: Asset_Signal__c.Device_Key__c is required',
  'Signal_SFL_CheckEpisode.Get_Acted_Sibling: getFirstRecordOnly true → false':
    'only whether something was found is asked, and a list is null when nothing is found',
  'Signal_SFL_CheckEpisode.Get_Cleared_Sibling: getFirstRecordOnly true → false':
    'only whether something was found is asked, and a list is null when nothing is found',
  'Signal_SFL_ClearCase.Should_Case_Close: outcome Policy_Is_Gone dropped':
    'the fields of a policy that is not there are empty here; an org may refuse to read them',
  'Signal_EVT_Ingest.Get_Signal_With_Key: getFirstRecordOnly true → false':
    'only whether something was found is asked, and a list is null when nothing is found',
  'Command_BeforeCreate_Check.Set_Fields: $Record.Approved_At__c and $Record.Sent_At__c swapped':
    'both are emptied',
  'Command_BeforeCreate_Check.Set_Fields: $Record.Sent_At__c and $Record.Finished_At__c swapped':
    'both are emptied',
  'Command_BeforeCreate_Check.Is_Command_Allowed: outcomes Value_Is_Missing and Value_Is_Too_Much swapped':
    'a type that takes a value and one that takes none are never the same',
  'Command_BeforeUpdate_Check.Which_Step: outcomes Step_Is_None and Step_Is_A_Decision swapped':
    'a step that is none has the same status before and after, a decision has not',
  'Command_BeforeUpdate_Check.Which_Step: outcomes Step_Is_A_Decision and Step_Is_A_Report swapped':
    'the one begins at Waiting, the other never does',
  'Device_SFL_KeepAsset.Look_Again: getFirstRecordOnly true → false':
    'only whether something was found is asked, and a list is null when nothing is found',
  'Signal_SFL_RequestReview.What_Did_Reviewer_Say: outcomes Reviewer_Confirmed and Reviewer_Dismissed swapped':
    'a signal that was confirmed was not dismissed, and the other way round',
  'Signal_SFL_RequestReview.Was_Anybody_Asked: outcomes Nobody_Was_Asked and Episode_Was_Confirmed swapped':
    'where nobody was asked nothing was confirmed',
  'Signal_SFL_RequestReview.Was_Anybody_Asked: outcomes Episode_Was_Confirmed and Episode_Was_Dismissed swapped':
    'what was confirmed was not dismissed, and the other way round',
  'Signal_SFL_RequestReview.Is_Detector_Sure_Enough: outcomes Detector_Is_Sure and Detector_Is_Too_Uncertain swapped':
    'the rules of policies keep the confidence to ask at below the one to act at',
  'Signal_SFL_RequestReview.Is_Detector_Sure_Enough: conditions 4 (policy.Review_At_Confidence__c) dropped':
    'nothing is less than an empty number',
  'Signal_SFL_UpdateCase.Has_Severity_Changed: outcomes Trouble_Grew and Trouble_Eased swapped':
    'what rose did not fall',
  'Signal_SFL_OpenCase.Set_Case_Opened: notify and caseWasOpened swapped': 'both are set to true',
  'Signal_SFL_OpenCase.Is_Contact_Of_Account: conditions 1 (Get_Asset) dropped':
    'an Asset that is gone has no contact either',
  'Signal_SFL_FindRecipient.Who_Is_Responsible: outcomes Queue_Of_Policy_Is and Person_Is swapped':
    'where there is no Case, no person owns it',
  'Signal_SFL_GiveTask.Get_Active_Owner: getFirstRecordOnly true → false':
    'only whether something was found is asked, and a list is null when nothing is found',
  'Signal_SFL_NotifyOwner.How_To_Tell: outcomes By_Notification and By_Email swapped':
    'a policy has one channel',
  'Signal_SFL_Engage.Is_Signal_New: outcomes Asset_Is_Gone and Signal_Is_Older swapped':
    'an Asset that is gone shows no time',
  'Signal_SFL_Engage.Which_Usage: outcomes First_Use and Adoption_Is_Low swapped':
    'a signal has one type',
  'Signal_SFL_Engage.Which_Usage: outcomes Adoption_Is_Low and Usage_Declines swapped':
    'a signal has one type',
  'Signal_SFL_Engage.Which_Usage: outcomes Usage_Declines and Usage_Is_Normal swapped':
    'a signal has one type',
  'Signal_SFL_Engage.Keep_Case: assignmentItems 2 (notify) dropped':
    'an empty answer notifies nobody either',
  'Signal_SFL_GiveUsageTask.What_About_The_Task: outcomes Nothing_Is_To_Be_Told and Task_Is_Open_Already swapped':
    'where an episode has ended and a Task is open, the outcome before these two has it',
  'Signal_SCH_EscalateReviews.start: filters 1 (Review_Status__c) dropped':
    'what is not requested is left alone when it is saved',
  'Signal_SCR_Review.What_Is_To_Be_Done: outcomes Signal_Is_Missing and Review_Is_Pending swapped':
    'a signal that is missing has no review',
  'Policy_AfterSave_KeepVersion.content: text 5 of the formula changed':
    'it adds the zero before a point, which an org may leave out and this one writes',
  'Policy_AfterSave_KeepVersion.content: text 6 of the formula changed':
    'it adds the zero before a point, which an org may leave out and this one writes',
  'Policy_AfterSave_KeepVersion.content: text 7 of the formula changed':
    'it adds the zero before a point, which an org may leave out and this one writes',
  'Policy_AfterSave_KeepVersion.content: text 8 of the formula changed':
    'it adds the zero before a point, which an org may leave out and this one writes',
  'Policy_AfterSave_KeepVersion.Get_Version: getFirstRecordOnly true → false':
    'only whether something was found is asked, and a list is null when nothing is found',
  'Policy_BeforeDelete_TellBridge.start: filters 1 (Policy_Key__c) dropped':
    'Signal_Policy__c.Policy_Key__c is required',
  'Proposal_AfterUpdate_Apply.Which_Number: outcomes Number_Is_Limit and Number_Is_Clear_Limit swapped':
    'a proposal names one number',
  'Proposal_AfterUpdate_Apply.Which_Number: outcomes Number_Is_Clear_Limit and Number_Is_Escalate_Limit swapped':
    'a proposal names one number',
  'Proposal_AfterUpdate_Apply.Which_Number: outcomes Number_Is_Escalate_Limit and Number_Is_Margin swapped':
    'a proposal names one number',
  'Proposal_AfterUpdate_Apply.Which_Number: outcomes Number_Is_Margin and Number_Is_Factor swapped':
    'a proposal names one number',
  'Proposal_AfterUpdate_Apply.Which_Number: outcomes Number_Is_Factor and Number_Is_Learn_Readings swapped':
    'a proposal names one number',
  'Proposal_AfterUpdate_Apply.Which_Number: outcomes Number_Is_Learn_Readings and Number_Is_Repeats swapped':
    'a proposal names one number',
  'Proposal_AfterUpdate_Apply.Which_Number: outcomes Number_Is_Repeats and Number_Is_Silent_After swapped':
    'a proposal names one number',
  'Proposal_AfterUpdate_Apply.Which_Number: outcomes Number_Is_Silent_After and Number_Is_Open_After swapped':
    'a proposal names one number',
  'Proposal_AfterUpdate_Apply.Which_Number: outcomes Number_Is_Open_After and Number_Is_Clear_After swapped':
    'a proposal names one number',
  'Proposal_AfterUpdate_Apply.Which_Number: outcomes Number_Is_Clear_After and Number_Is_Act_At_Confidence swapped':
    'a proposal names one number',
  'Proposal_AfterUpdate_Apply.Which_Number: outcomes Number_Is_Act_At_Confidence and Number_Is_Review_At_Confidence swapped':
    'a proposal names one number',
  'Signal_SCH_Purge.Is_Signal_Done_With: outcomes Case_Is_Open and Somebody_Has_Yet_To_Act swapped':
    'both lead to the same element',
  'Signal_SCH_Purge.Is_Signal_Done_With: conditions 1 ($Record.Case__c) dropped':
    'of a Case that is not there nothing is false',
  'Signal_SCH_Purge.otherDay: text 2 of the formula changed':
    'the key of an event has the digits of hexadecimal numbers alone',
  'Policy_SCR_LoadStarters.Begin_Anew: allStarters and chosenStarters swapped': 'both are emptied',
  'Policy_SCR_LoadStarters.Begin_Anew: chosenStarters and newPolicies swapped': 'both are emptied',
  'Policy_SCR_LoadStarters.Begin_Anew: existingKeys and createdText swapped': 'both are emptied',
  'Policy_SCR_LoadStarters.Begin_Anew: createdText and skippedText swapped': 'both are emptied',
  'Policy_SCR_LoadStarters.Begin_Anew: assignmentItems 4 (wantedKeys) dropped':
    'keys of an earlier try find more policies, which nobody has chosen now',
  'Policy_SCR_LoadStarters.Describe_Vibration_High: assignmentItems 3 (vibrationHigh.Route__c) dropped':
    'Case is the default of Signal_Policy__c.Route__c',
  'Policy_SCR_LoadStarters.Describe_Pressure_Low: assignmentItems 3 (pressureLow.Route__c) dropped':
    'Case is the default of Signal_Policy__c.Route__c',
  'Policy_SCR_LoadStarters.Describe_Temperature_Stuck: assignmentItems 3 (temperatureStuck.Route__c) dropped':
    'Case is the default of Signal_Policy__c.Route__c',
  'Policy_SCR_LoadStarters.Describe_Flow_Range: assignmentItems 3 (flowRange.Route__c) dropped':
    'Case is the default of Signal_Policy__c.Route__c',
  'Policy_SCR_LoadStarters.Describe_Silent: assignmentItems 3 (silent.Route__c) dropped':
    'Case is the default of Signal_Policy__c.Route__c',
  'Policy_SCR_LoadStarters.Describe_Default_Range: assignmentItems 3 (defaultRange.Route__c) dropped':
    'Case is the default of Signal_Policy__c.Route__c',
  'Policy_SCR_LoadStarters.Describe_Default_Range: defaultRange.Open_After_Seconds__c and defaultRange.Clear_After_Seconds__c swapped':
    'both are 0',
  'Policy_SCR_LoadStarters.Describe_Default_Shift: defaultShift.Open_After_Seconds__c and defaultShift.Clear_After_Seconds__c swapped':
    'both are 0',
  "Policy_SCR_LoadStarters.plantPace: literal 1 'Plant' → 'Plantx'":
    'whatever is not the pace of the demonstration is that of a plant',
  'Policy_SCR_LoadStarters.isStarterChosen: text 2 of the formula changed':
    'this org writes no blanks between the values that were chosen',
  'Policy_SCR_LoadStarters.isStarterChosen: text 3 of the formula changed':
    'this org writes no blanks between the values that were chosen',
  'Policy_SCR_LoadStarters.isStarterChosen: text 4 of the formula changed':
    'what follows the last bar is never asked for',
  'Policy_SCR_LoadStarters.existingKey: text 2 of the formula changed':
    'what follows the last bar is never asked for',
  'Policy_SCR_LoadStarters.For_Each_Existing_Policy: iterationOrder Asc → Desc':
    'the order of the keys does not count',
  'Policy_SCR_LoadStarters.Get_Existing_Policies: filters 1 (Policy_Key__c) dropped':
    'policies that nobody has chosen are looked for by nobody',
  'Setup_SCR_FirstSteps.What_Next: outcomes Starters_Are_Wanted and User_Has_Done swapped':
    'one thing is chosen',
  'Signal_SFL_OpenCase.Was_Another_First: outcomes Another_Was_First and Case_Was_Tried_Alone swapped':
    'a signal that tries alone is refused for a Case that was there before only in a race with another transaction, and here they come one after another',
  'Device_SFL_KeepAsset.Get_Device: getFirstRecordOnly true → false':
    'only whether something was found is asked, and a list is null when nothing is found',
  'Signal_BeforeCreate_ResolveOwner.Get_Any_Ownership: getFirstRecordOnly true → false':
    'only whether something was found is asked, and a list is null when nothing is found',
  'Signal_BeforeCreate_ResolvePlace.Get_Any_Installation: getFirstRecordOnly true → false':
    'only whether something was found is asked, and a list is null when nothing is found',
  'Signal_BeforeCreate_ResolveOwner.For_Each_Ownership: iterationOrder Asc → Desc':
    'they are counted, and one is taken only where there is no other',
  'Signal_BeforeCreate_ResolvePlace.For_Each_Installation: iterationOrder Asc → Desc':
    'they are counted, and one is taken only where there is no other',
  'Signal_BeforeCreate_ResolveOwner.How_Many_Owners: outcomes Exactly_One_Owner and Several_Owners swapped':
    'one is not more than one',
  'Signal_BeforeCreate_ResolvePlace.How_Many_Installations: outcomes Exactly_One_Installation and Several_Installations swapped':
    'one is not more than one',
  'Signal_BeforeCreate_ResolvePlace.Note_Several_Installations: installationId and placedAssetId swapped':
    'both are emptied',
  'Ops_SFL_RecordFailure.Keep_Fault_Message: assignmentItems 1 (faultMessage) dropped':
    'no flow reads it: where nothing can be saved, nothing is left to do',
};
