/**
 * A flow as a customer may have one on signals: for one device it asks the database in a circle, until the limit of 100
 * queries a transaction undoes everything, its neighbours too.
 */
export const greedyFlow = (device: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<Flow xmlns="http://soap.sforce.com/2006/04/metadata">
    <apiVersion>66.0</apiVersion>
    <assignments>
        <name>Count_Round</name>
        <label>Count Round</label>
        <locationX>0</locationX>
        <locationY>0</locationY>
        <assignmentItems>
            <assignToReference>rounds</assignToReference>
            <operator>Add</operator>
            <value>
                <numberValue>1.0</numberValue>
            </value>
        </assignmentItems>
        <connector>
            <isGoTo>true</isGoTo>
            <targetReference>Is_Enough</targetReference>
        </connector>
    </assignments>
    <decisions>
        <name>Is_Enough</name>
        <label>Is Enough</label>
        <locationX>0</locationX>
        <locationY>0</locationY>
        <defaultConnectorLabel>Enough</defaultConnectorLabel>
        <rules>
            <name>Once_More</name>
            <conditionLogic>and</conditionLogic>
            <conditions>
                <leftValueReference>rounds</leftValueReference>
                <operator>LessThan</operator>
                <rightValue>
                    <numberValue>200.0</numberValue>
                </rightValue>
            </conditions>
            <connector>
                <targetReference>Get_Account</targetReference>
            </connector>
            <label>Once More</label>
        </rules>
    </decisions>
    <interviewLabel>Customer: greedy {!$Flow.CurrentDateTime}</interviewLabel>
    <label>Customer: greedy</label>
    <processType>AutoLaunchedFlow</processType>
    <recordLookups>
        <name>Get_Account</name>
        <label>Get Account</label>
        <locationX>0</locationX>
        <locationY>0</locationY>
        <assignNullValuesIfNoRecordsFound>false</assignNullValuesIfNoRecordsFound>
        <connector>
            <targetReference>Count_Round</targetReference>
        </connector>
        <filterLogic>and</filterLogic>
        <filters>
            <field>Name</field>
            <operator>EqualTo</operator>
            <value>
                <stringValue>Nobody</stringValue>
            </value>
        </filters>
        <getFirstRecordOnly>true</getFirstRecordOnly>
        <object>Account</object>
        <storeOutputAutomatically>true</storeOutputAutomatically>
    </recordLookups>
    <start>
        <locationX>0</locationX>
        <locationY>0</locationY>
        <connector>
            <targetReference>Is_Enough</targetReference>
        </connector>
        <filterLogic>and</filterLogic>
        <filters>
            <field>Device_Key__c</field>
            <operator>EqualTo</operator>
            <value>
                <stringValue>${device}</stringValue>
            </value>
        </filters>
        <object>Asset_Signal__c</object>
        <recordTriggerType>Create</recordTriggerType>
        <triggerType>RecordAfterSave</triggerType>
    </start>
    <status>Active</status>
    <variables>
        <name>rounds</name>
        <dataType>Number</dataType>
        <isCollection>false</isCollection>
        <isInput>false</isInput>
        <isOutput>false</isOutput>
        <scale>0</scale>
        <value>
            <numberValue>0.0</numberValue>
        </value>
    </variables>
</Flow>
`;
